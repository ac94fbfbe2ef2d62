# Pauses of the server's garbage collector beside half the top rate. The generator's program, loaded into the server, watches them (StartupHook.cs).
duration=${PAUSES_SECONDS:-600}
fresh_data pauses "$devices"
start pauses "$work/data-pauses" DOTNET_STARTUP_HOOKS="${generator%/*}/registerload.dll" REGISTERLOAD_PAUSES="$work/pauses"
load pauses "$devices" once refresh:8 >/dev/null
top=$(load pauses "$devices" once refresh:2 "refresh:$seconds" | tail -n 1 | value rate)
load pauses "$devices" once >/dev/null
total() { curl -sf "http://127.0.0.1:${http[pauses]}/metrics" | awk '/^dotnet_gc_pause_time_seconds_total/ { print $2 }'; }
began=$(date +%s.%N) before=$(total)
line=$(load pauses "$devices" once "refresh:$duration@$((top / 2))" | tail -n 1)
after=$(total)
mapfile -t pauses < <(awk -v began="$began" '$1 >= began { print $2 }' "$work/pauses")
[ ${#pauses[@]} -gt 0 ] || pauses=(0)
row "pauses in $duration s at $((top / 2)) a second" ms "${pauses[@]}"
row 'sum of them, as metrics tell it' ms "$(calculate "($after - $before) * 1000" 1f)"
row 'longest latency' ms "$(value max_ms <<<"$line")"
bar 'longest pause' "$(printf '%s\n' "${pauses[@]}" | sort -g | tail -n 1)" 'at most' 20 ms
