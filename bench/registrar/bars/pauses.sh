# Pauses of the server's garbage collector beside half the top rate. The generator's program, loaded into the server, watches them (StartupHook.cs).
fresh_data pauses "$devices"
start pauses "$work/data-pauses" DOTNET_STARTUP_HOOKS="${generator%/*}/registerload.dll" REGISTERLOAD_PAUSES="$work/pauses"
sum() { curl -sf "http://127.0.0.1:${http[pauses]}/metrics" | awk '/^dotnet_gc_pause_time_seconds_total/ { print $2 * 1000 }'; } # ms
lines=()
while read -r line; do
    lines+=("$line")
    [ ${#lines[@]} != 4 ] || { began=$(date +%s.%N) before=$(sum); }
done < <(load pauses "$devices" once refresh:8 "refresh:$seconds" refresh:2@x0.5 "refresh:${PAUSES_SECONDS:-600}@x0.5")
mapfile -t pauses < <(awk -v began="$began" '$1 >= began { print $2 }' "$work/pauses")
[ ${#pauses[@]} -gt 0 ] || pauses=(0)
row 'half the top rate' /s "$(value rate <<<"${lines[4]}")"
row 'seconds' s "$(value seconds <<<"${lines[4]}")"
row 'pauses' ms "${pauses[@]}"
row 'sum of them, as the metrics tell it' ms "$(calculate "$(sum) - $before" 1f)"
row 'longest latency' ms "$(value max_ms <<<"${lines[4]}")"
bar 'longest pause' "$(printf '%s\n' "${pauses[@]}" | sort -g | tail -n 1)" 'at most' 20 ms
