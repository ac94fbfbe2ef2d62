# Refreshes at half the rate that the server can do at most, each measured from when it was to be sent.
fresh_data latency "$devices"
start latency "$work/data-latency"
load latency "$devices" once refresh:8 >/dev/null
top=$(load latency "$devices" once refresh:2 "refresh:$seconds" | tail -n 1 | value rate)
p99=() p999=() longest=()
for ((round = 0; round < rounds; round++)); do
    line=$(load latency "$devices" once "refresh:1@$((top / 2))" "refresh:$seconds@$((top / 2))" | tail -n 1)
    p99+=("$(value p99_ms <<<"$line")") p999+=("$(value p999_ms <<<"$line")") longest+=("$(value max_ms <<<"$line")")
done

row "p99 at $((top / 2)) of $top a second" ms "${p99[@]}"
row 'p99.9' ms "${p999[@]}"
row 'longest' ms "${longest[@]}"
bar 'p99' "$(median "${p99[@]}")" 'at most' 5 ms
bar 'p99.9' "$(median "${p999[@]}")" 'at most' 50 ms
