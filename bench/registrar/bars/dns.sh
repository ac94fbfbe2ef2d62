# What 10,000 questions for the realm's SRV records a second do to registrations beside them, on the same core.
need dnsperf dnsperf
fresh_data dns "$devices"
start dns "$work/data-dns"
load dns "$devices" once refresh:8 >/dev/null
top=$(load dns "$devices" once refresh:2 "refresh:$seconds" | tail -n 1 | value rate)
offered=$((top / 3))
echo "_sip._udp.$realm SRV" >"$work/questions"
ask() { taskset -c 1 dnsperf -s 127.0.0.1 -p "${dns[dns]}" -d "$work/questions" -Q 10000 -l "$1" >"$work/dnsperf" 2>&1; } # SECONDS
ask 20
alone=() beside=() answered=()
for ((round = 0; round < rounds; round++)); do
    alone+=("$(load dns "$devices" once "refresh:2@$offered" "refresh:$seconds@$offered" | tail -n 1 | value threads_us)")
    ask 600 &
    questions=$!
    sleep 1
    beside+=("$(load dns "$devices" once "refresh:2@$offered" "refresh:$seconds@$offered" | tail -n 1 | value threads_us)")
    pkill -INT -P $questions || true
    wait $questions || true
    answered+=("$(awk '/Queries per second/ { print int($4) }' "$work/dnsperf")")
done
row 'questions answered' /s "${answered[@]}"
row "SIP threads at $offered a second, alone" µs "${alone[@]}"
row 'SIP threads beside the questions' µs "${beside[@]}"
bar 'beside to alone' "$(calculate "$(median "${beside[@]}") / $(median "${alone[@]}")")" 'at most' 1.1 ''
