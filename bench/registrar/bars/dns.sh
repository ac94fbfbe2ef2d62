# What 10,000 questions for the realm's SRV records a second do to registrations on the same core, by turns without and with them.
need dnsperf dnsperf
fresh_data dns "$devices"
start dns "$work/data-dns"
echo "_sip._udp.$realm SRV" >"$work/questions"
ask() { # SECONDS
    exec taskset -c 1 dnsperf -s 127.0.0.1 -p "${dns[dns]}" -d "$work/questions" -Q 10000 -l "$1" >"$work/dnsperf" 2>&1
}
(ask 20)
lines=() alone=() beside=() answered=()
while read -r line; do
    lines+=("$line")
    # After the warm-up four lines for each round: getting calm and alone, getting used to the questions and beside them.
    case $(((${#lines[@]} - 3) % 4)) in
        2)
            [ ${#lines[@]} -gt 3 ] && alone+=("$(value threads_us <<<"$line")") || continue
            ask 600 &
            questions=$!
            ;;
        0)
            [ ${#lines[@]} -gt 3 ] || continue
            kill -INT $questions
            wait $questions || true
            beside+=("$(value threads_us <<<"$line")")
            answered+=("$(awk '/Queries per second/ { print int($4) }' "$work/dnsperf")")
            ;;
    esac
done < <(load dns "$devices" once refresh:8 "refresh:$seconds" $(repeat $((2 * rounds)) refresh:2@x0.33 "refresh:$seconds@x0.33"))
row 'questions answered' /s "${answered[@]}"
row 'registrations, a third of the top rate' /s "$(value rate <<<"${lines[-1]}")"
row 'SIP threads alone' µs "${alone[@]}"
row 'SIP threads beside the questions' µs "${beside[@]}"
bar 'beside to alone' "$(calculate "$(median "${beside[@]}") / $(median "${alone[@]}")")" 'at most' 1.1 ''
