# CPU time per registration beside Kamailio, by turns. Every device holds a nonce and both are warm before anything counts.
need kamailio kamailio
fresh_data compare "$devices"
start sipstead "$work/data-compare"
start_kamailio "$devices"
for name in kamailio sipstead; do load "$name" "$devices" once refresh:20 fresh:15 refresh:5 >/dev/null; done

declare -A cpu=() rate=()
for ((round = 0; round < rounds; round++)); do
    for name in kamailio sipstead; do
        # shellcheck disable=SC2034 # read by name below
        mapfile -t lines < <(load "$name" "$devices" once refresh:2 "refresh:$seconds" fresh:1 "fresh:$seconds")
        for mode in refresh:2 fresh:4; do
            line=${lines[${mode#*:}]}
            cpu[$name,${mode%:*}]+=" $(value cpu_us <<<"$line")"
            rate[$name,${mode%:*}]+=" $(value rate <<<"$line")"
        done
    done
done

for mode in refresh fresh; do
    read -ra theirs <<<"${cpu[kamailio,$mode]}"
    read -ra ours <<<"${cpu[sipstead,$mode]}"
    ratios=()
    for i in "${!ours[@]}"; do ratios+=("$(calculate "${ours[i]} / ${theirs[i]}" 3f)"); done
    for name in kamailio sipstead; do
        # shellcheck disable=SC2086 # one word for each round
        row "$name, $mode, CPU" µs ${cpu[$name,$mode]}
        # shellcheck disable=SC2086
        row "$name, $mode, rate" /s ${rate[$name,$mode]}
    done
    row "Sipstead to Kamailio, $mode" '' "${ratios[@]}"
    bar "Sipstead to Kamailio, $mode" "$(median "${ratios[@]}")" 'at most' 0.4 ''
done
