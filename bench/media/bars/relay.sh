# CPU time per relayed stream beside rtpengine, by turns, and whether anything is lost.
need rtpengine rtpengine-daemon
start_rtpengine
declare -A spent=()
missing=0
for ((round = 0; round < rounds; round++)); do
    for name in rtpengine sipstead; do
        line=$(talk "$name" "$calls" --seconds "$seconds")
        spent[$name]+=" $(value cpu_us <<<"$line")"
        [ "$name" = rtpengine ] || missing=$((missing + $(lost <<<"$line")))
    done
done
read -ra theirs <<<"${spent[rtpengine]}"
read -ra ours <<<"${spent[sipstead]}"
ratios=()
for i in "${!ours[@]}"; do ratios+=("$(calculate "${ours[i]} / ${theirs[i]}" 2f)"); done
row "rtpengine, CPU per stream and second" µs "${theirs[@]}"
row "sipstead, CPU per stream and second" µs "${ours[@]}"
row "Sipstead to rtpengine" '' "${ratios[@]}"
bar "Sipstead to rtpengine" "$(median "${ratios[@]}")" 'at most' 2 ''
bar "frames lost, of $((calls * 100 * seconds * rounds))" "$missing" 'at most' 0 ''
stop rtpengine
