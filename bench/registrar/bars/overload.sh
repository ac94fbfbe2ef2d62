# Three times what the server can do is offered. Busy loops share its core, so that the generator is able to. A phone without an answer gives up after two
# seconds, as do all that are under way when the overload ends.
able=130000 # that the generator offers a second with ease
crowd=$((4 * devices))
fresh_data overload $crowd
start overload "$work/data-overload"
alone=$(load overload $crowd once refresh:8 "refresh:$seconds" | tail -n 1 | value rate)
loops=()
while [ $((3 * alone / (${#loops[@]} + 1))) -gt $able ] || [ ${#loops[@]} = 0 ]; do
    nice -n -5 taskset -c 0 bash -c 'while :; do :; done' & # as the receiving thread, where the kernel lets both
    loops+=($!)
done
kill -STOP "${loops[@]}"
top=() offered=() completed=() p99=() longest=()
for ((round = 0; round < rounds; round++)); do
    lines=()
    while read -r line; do
        lines+=("$line")
        [ ${#lines[@]} != 1 ] || kill -CONT "${loops[@]}"
    done < <(load overload $crowd once refresh:2 "refresh:$seconds" "refresh:$seconds@x3" refresh:1@x0.5 --give-up 2)
    kill -STOP "${loops[@]}"
    top+=("$(value rate <<<"${lines[2]}")") offered+=("$(value offered <<<"${lines[3]}")") completed+=("$(value rate <<<"${lines[3]}")")
    p99+=("$(value p99_ms <<<"${lines[4]}")") longest+=("$(value max_ms <<<"${lines[4]}")")
done
{ kill -KILL "${loops[@]}"; wait "${loops[@]}"; } 2>/dev/null || true
row "top rate beside ${#loops[@]} busy loop(s)" /s "${top[@]}"
row 'offered' /s "${offered[@]}"
row 'completed' /s "${completed[@]}"
row 'p99 in the second after, at half the top rate' ms "${p99[@]}"
row 'longest in the second after' ms "${longest[@]}"
bar 'offered to top' "$(calculate "$(median "${offered[@]}") / $(median "${top[@]}")")" 'at least' 2.8 ''
bar 'completed to top' "$(calculate "$(median "${completed[@]}") / $(median "${top[@]}")")" 'at least' 0.8 ''
