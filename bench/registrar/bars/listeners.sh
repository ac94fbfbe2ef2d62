# What a second receiving thread costs: both servers on both cores, by turns, the generator on core 1.
fresh_data one "$devices"
fresh_data two "$devices"
cores=0,1 start one "$work/data-one" Sipstead__Sip__UdpThreads=1
cores=0,1 start two "$work/data-two" Sipstead__Sip__UdpThreads=2
declare -A cpu=() rate=()
for name in one two; do load "$name" "$devices" once refresh:8 >/dev/null; done
for ((round = 0; round < rounds; round++)); do
    for name in one two; do
        line=$(load "$name" "$devices" once refresh:2 "refresh:$seconds" | tail -n 1)
        cpu[$name]+=" $(value cpu_us <<<"$line")"
        rate[$name]+=" $(value rate <<<"$line")"
    done
done

for name in one two; do
    # shellcheck disable=SC2086 # one word for each round
    row "$name receiving thread(s), refresh, CPU" µs ${cpu[$name]}
    # shellcheck disable=SC2086
    row "$name receiving thread(s), refresh, rate" /s ${rate[$name]}
done
# shellcheck disable=SC2086
bar 'two threads to one' "$(calculate "$(median ${cpu[two]}) / $(median ${cpu[one]})")" 'at most' 1.18 ''
