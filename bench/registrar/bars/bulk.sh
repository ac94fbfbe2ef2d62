# 100,000 new credentials by bulk POSTs beside registrations at half the top rate; one that has no answer for 1 s has failed.
new=${NEW:-100000}
fresh_data bulk "$devices"
start bulk "$work/data-bulk"
load_cores=1 credentials bulk 2000000 2000 >/dev/null # the API is warm too
# In short pieces, so that only those beside POSTs count.
: >"$work/lines"
load bulk "$devices" once refresh:8 "refresh:$seconds" refresh:2@x0.5 "refresh:$seconds@x0.5" $(repeat 300 refresh:2@x0.5) --give-up 1 >"$work/lines" &
loading=$!
until [ "$(wc -l <"$work/lines")" -ge 5 ]; do
    kill -0 $loading || { tail "$work/errors" >&2; exit 1; }
    sleep 0.1
done
made=$(load_cores=1 credentials bulk 1000000 "$new")
{ pkill -P $loading; wait $loading; } 2>/dev/null || true
alone=$(sed -n 5p "$work/lines")
sed 1,5d "$work/lines" >"$work/beside"
[ -s "$work/beside" ] || { echo 'No piece of the load ended before the last POST was answered.' >&2; exit 1; }
figures() { value "$1" <"$work/beside"; }
mapfile -t p99 < <(figures p99_ms)
mapfile -t threads < <(figures threads_us)

row 'half the top rate' /s "$(value rate <<<"$alone")"
bar "$new credentials in POSTs of 1,000" "$(value seconds <<<"$made")" 'at most' 30 s
bar 'registrations that failed' "$( (figures failed; figures timed_out) | awk '{ sum += $1 } END { print sum + 0 }')" 'at most' 0 ''
row 'p99 in pieces of 2 s' ms "${p99[@]}"
# shellcheck disable=SC2046 # one word for each piece
row 'longest' ms $(figures max_ms)
bar 'p99 of the worst piece' "$(printf '%s\n' "${p99[@]}" | sort -g | tail -n 1)" 'at most' 20 ms
row 'SIP threads alone' µs "$(value threads_us <<<"$alone")"
row 'SIP threads beside the POSTs' µs "${threads[@]}"
bar 'beside to alone' "$(calculate "$(median "${threads[@]}") / $(value threads_us <<<"$alone")")" 'at most' 1.2 ''
