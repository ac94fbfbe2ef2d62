# How long a start with everything takes, and what a compaction of the journal beside half the top rate does to latency and disk.
lasting=7200 # seconds that bindings live, so that none ends meanwhile
fresh_data restart "$many"
start restart "$work/data-restart"
load restart "$many" once --expires $lasting >/dev/null
top=$(load restart "$many" once refresh:2 "refresh:$seconds" --expires $lasting | tail -n 1 | value rate)

# Snapshots that the folder has held, and the most that it took: watched twice a second.
watch_disk() {
    local most=0 now
    while sleep 0.5; do
        now=$(du -sk "$work/data-restart" 2>/dev/null | cut -f 1)
        [ "${now:-0}" -le "$most" ] || most=$now
        find "$work/data-restart/bindings" -name '*.snapshot*' -printf '%f\n' 2>/dev/null >>"$work/snapshots" || true
        echo "$most" >"$work/disk"
    done
}
before=$(du -sk "$work/data-restart" | cut -f 1)
watch_disk &
watcher=$!
line=$(load restart "$many" once "refresh:${COMPACTION_SECONDS:-120}@$((top / 2))" --expires $lasting | tail -n 1)
kill $watcher
compactions=$(($(sed 's/\..*//' "$work/snapshots" | sort -u | wc -l) - 1))
row 'compactions beside half the top rate' '' "$compactions"
bar 'compactions that were seen' "$compactions" 'at least' 1 ''
bar "longest latency at $((top / 2)) a second" "$(value max_ms <<<"$line")" 'at most' 20 ms
row 'p99.9 there' ms "$(value p999_ms <<<"$line")"
row 'disk before, data folder' MB "$(calculate "$before / 1024" 0f)"
row 'disk at most, data folder' MB "$(calculate "$(cat "$work/disk") / 1024" 0f)"

for signal in TERM KILL; do
    took=()
    for ((round = 0; round < rounds; round++)); do
        stop restart $signal
        began=$(date +%s.%N)
        start restart "$work/data-restart"
        took+=("$(calculate "$(date +%s.%N) - $began")")
    done
    row "to ready with $many devices, after SIG$signal" s "${took[@]}"
    bar "to ready after SIG$signal" "$(median "${took[@]}")" 'at most' 5 s
done
