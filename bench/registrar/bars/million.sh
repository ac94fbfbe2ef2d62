# What a refresh costs with ten times as many devices, by turns.
fresh_data few "$devices"
fresh_data many "$many"
start few "$work/data-few"
start many "$work/data-many"
declare -A cpu=() rate=() count=([few]=$devices [many]=$many)
for name in few many; do load "$name" "${count[$name]}" once refresh:8 >/dev/null; done
for ((round = 0; round < rounds; round++)); do
    for name in few many; do
        line=$(load "$name" "${count[$name]}" once refresh:2 "refresh:$seconds" | tail -n 1)
        cpu[$name]+=" $(value cpu_us <<<"$line")"
        rate[$name]+=" $(value rate <<<"$line")"
    done
done

for name in few many; do
    # shellcheck disable=SC2086 # one word for each round
    row "${count[$name]} devices, refresh, CPU" µs ${cpu[$name]}
    # shellcheck disable=SC2086
    row "${count[$name]} devices, refresh, rate" /s ${rate[$name]}
done
# shellcheck disable=SC2086
bar "$many to $devices devices" "$(calculate "$(median ${cpu[many]}) / $(median ${cpu[few]})")" 'at most' 1.25 ''
