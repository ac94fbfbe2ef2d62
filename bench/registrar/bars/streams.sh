# Refreshes over many open connections, a device on each, and what an idle one of them keeps in memory (its device's binding included).
connections=${CONNECTIONS:-10000}
[ "$(ulimit -n)" -ge $((connections + 1000)) ] || { echo "ulimit -n is $(ulimit -n): CONNECTIONS=$connections needs a thousand more." >&2; exit 1; }
declare -A limit=([tcp]=10 [tls]=40) offset=([tcp]=0 [tls]=1)
for transport in tcp tls; do
    fresh_data $transport "$devices"
    start $transport "$work/data-$transport" Sipstead__Sip__MaxConnections=$((connections * 2)) Sipstead__Sip__MaxConnectionsPerSource=$((connections * 2))
    load_port=$((sip[$transport] + offset[$transport]))
    load $transport 100 once refresh:2 --transport $transport --lines 100 >/dev/null # what is made once for all of them
    sleep 5
    before=$(rss $transport)
    load $transport "$connections" once --transport $transport --lines "$connections" --hold 3600 >"$work/$transport.line" &
    holder=$!
    until [ -s "$work/$transport.line" ]; do
        kill -0 $holder || { echo "No $transport connections." >&2; tail "$work/errors" >&2; exit 1; }
        sleep 0.5
    done
    sleep 5
    after=$(rss $transport)
    { pkill -P $holder; wait $holder; } 2>/dev/null || true
    row "$transport, registered over connections" '' "$(value ok <"$work/$transport.line")"
    bar "$transport, an idle connection of $connections" "$(calculate "($after - $before) / $connections" 1f)" 'at most' "${limit[$transport]}" kB

    mapfile -t lines < <(load $transport "$connections" once refresh:5 $(repeat "$rounds" "refresh:$seconds") --transport $transport --lines "$connections")
    costs=() rates=()
    for line in "${lines[@]:2}"; do costs+=("$(value cpu_us <<<"$line")") rates+=("$(value rate <<<"$line")"); done
    row "$transport, refresh, CPU" µs "${costs[@]}"
    row "$transport, refresh, rate" /s "${rates[@]}"
    row "$transport, connections that the server closed" '' "$(value closed <<<"${lines[-1]}")"
    unset load_port
    stop $transport
done
