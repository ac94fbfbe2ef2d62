# 100,000 new credentials by bulk POSTs beside registrations at half the top rate.
new=${NEW:-100000}
fresh_data bulk "$devices"
start bulk "$work/data-bulk"
load bulk "$devices" once refresh:8 >/dev/null
top=$(load bulk "$devices" once refresh:2 "refresh:$seconds" | tail -n 1 | value rate)
offered=$((top / 2))
load_cores=1 credentials bulk 2000000 2000 >/dev/null # the API is warm too
alone=$(load bulk "$devices" once "refresh:2@$offered" "refresh:$seconds@$offered" | tail -n 1)

# The registrations go on until the last POST is answered: in pieces, so that only those beside POSTs count. One without an answer for 2 s has failed.
mapfile -t pieces < <(yes "refresh:5@$offered" | head -n 60)
load bulk "$devices" once "refresh:2@$offered" "${pieces[@]}" --give-up 2 >"$work/beside" &
loading=$!
until [ "$(wc -l <"$work/beside")" -ge 2 ]; do sleep 0.1; done
made=$(load_cores=1 credentials bulk 1000000 "$new")
pkill -P $loading || true
wait $loading || true
sed -i 1,2d "$work/beside"
figures() { value "$1" <"$work/beside"; }
sum() { figures "$1" | awk '{ sum += $1 } END { print sum + 0 }'; }
mapfile -t threads < <(figures threads_us)
mapfile -t p99 < <(figures p99_ms)
mapfile -t longest < <(figures max_ms)

bar "$new credentials in POSTs of 1,000" "$(value seconds <<<"$made")" 'at most' 30 s
bar "registrations that failed, at $offered a second" "$(($(sum failed) + $(sum timed_out)))" 'at most' 0 ''
row 'p99, in pieces of 5 s' ms "${p99[@]}"
row 'longest' ms "${longest[@]}"
bar 'p99 of the worst piece' "$(printf '%s\n' "${p99[@]}" | sort -g | tail -n 1)" 'at most' 20 ms
row 'SIP threads alone' µs "$(value threads_us <<<"$alone")"
row 'SIP threads beside the POSTs' µs "${threads[@]}"
bar 'beside to alone' "$(calculate "$(median "${threads[@]}") / $(value threads_us <<<"$alone")")" 'at most' 1.2 ''
