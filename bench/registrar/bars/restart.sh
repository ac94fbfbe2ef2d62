# What a compaction of the journal beside half the top rate does to latency and disk, and how long a start with everything takes, on both cores: there is no
# load yet, and it reads credentials and bindings at a time.
fresh_data restart "$many"
start restart "$work/data-restart"

# Snapshots that the folder has held, and the most that it took: looked at twice a second.
watch_disk() {
    while sleep 0.5; do
        find "$work/data-restart" -name '*.snapshot*' -printf '%f\n' 2>/dev/null >>"$work/snapshots" || true
        du -sk "$work/data-restart" 2>/dev/null | cut -f 1 >>"$work/disk"
    done
}
watch_disk &
watcher=$!
mapfile -t lines < <(load restart "$many" once refresh:8 "refresh:$seconds" "refresh:${COMPACTION_SECONDS:-120}@x0.5" --expires 7200)
kill $watcher
row 'half the top rate' /s "$(value rate <<<"${lines[3]}")"
bar 'snapshots that were written meanwhile' "$(($(sed 's/\..*//' "$work/snapshots" | sort -u | wc -l) - 1))" 'at least' 1 ''
row 'p99.9 there' ms "$(value p999_ms <<<"${lines[3]}")"
bar 'longest latency there' "$(value max_ms <<<"${lines[3]}")" 'at most' 20 ms
row 'data folder at most' MB "$(calculate "$(sort -n "$work/disk" | tail -n 1) / 1024" 0f)"
row 'data folder in the end' MB "$(calculate "$(tail -n 1 "$work/disk") / 1024" 0f)"

for signal in TERM KILL; do
    took=()
    for ((round = 0; round < rounds; round++)); do
        stop restart $signal
        began=$(date +%s.%N)
        cores=0,1 start restart "$work/data-restart"
        took+=("$(calculate "$(date +%s.%N) - $began")")
    done
    row "to ready with $many devices, after SIG$signal" s "${took[@]}"
    bar "to ready after SIG$signal" "$(median "${took[@]}")" 'at most' 5 s
done
