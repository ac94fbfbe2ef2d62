# What a second receiving thread costs: servers on both cores, by turns, the generator on core 1. Each is started anew for each round: where its memory
# comes to lie and what the compiler has seen first make a start's figures differ more than its rounds.
cpu=() rate=()
for ((round = 0; round < rounds; round++)); do
    for threads in one two; do
        fresh_data "$threads" "$devices"
        cores=0,1 start "$threads" "$work/data-$threads" Sipstead__Sip__UdpThreads="$([ "$threads" = one ] && echo 1 || echo 2)"
        load "$threads" "$devices" once refresh:10 >/dev/null
        measure_refresh "$threads" "$devices"
        stop "$threads"
    done
done
for threads in one two; do rows_of "$threads" "$threads receiving thread(s)"; done
# shellcheck disable=SC2086
bar 'two threads to one' "$(calculate "$(median ${cpu[two]}) / $(median ${cpu[one]})")" 'at most' 1.18 ''
