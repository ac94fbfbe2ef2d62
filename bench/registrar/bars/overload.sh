# Three times what the server can do is offered. Busy loops share its core until the generator is able to.
fresh_data overload "$many"
start overload "$work/data-overload"
load overload "$many" once refresh:8 >/dev/null
top=() completed=() offered=() after=() worst=()
loops=()
for ((round = 0; round < rounds; round++)); do
    while :; do
        most=$(load overload "$many" once refresh:2 "refresh:$seconds" | tail -n 1 | value rate)
        # A phone that has no answer after four seconds gives up; and what is under way when the overload ends is given up then.
        mapfile -t lines < <(load overload "$many" once "refresh:$seconds@$((most * 3))" "refresh:1@$((most / 2))" --give-up 4)
        given=$(value offered <<<"${lines[1]}")
        [ "$given" -lt $((most * 29 / 10)) ] && [ ${#loops[@]} -lt 6 ] || break
        taskset -c 0 bash -c 'while :; do :; done' &
        loops+=($!)
    done
    top+=("$most") offered+=("$given") completed+=("$(value rate <<<"${lines[1]}")")
    after+=("$(value p99_ms <<<"${lines[2]}")") worst+=("$(value max_ms <<<"${lines[2]}")")
done
[ ${#loops[@]} = 0 ] || kill "${loops[@]}"
row "top rate beside ${#loops[@]} busy loops" /s "${top[@]}"
row 'offered' /s "${offered[@]}"
row 'completed' /s "${completed[@]}"
row 'p99 in the second after, at half the top rate' ms "${after[@]}"
row 'longest in the second after' ms "${worst[@]}"
bar 'offered to top' "$(calculate "$(median "${offered[@]}") / $(median "${top[@]}")")" 'at least' 2.8 ''
bar 'completed to top' "$(calculate "$(median "${completed[@]}") / $(median "${top[@]}")")" 'at least' 0.8 ''
