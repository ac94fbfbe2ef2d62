# The largest number of relayed calls at which no frame is lost on the way.
held=0
for wanted in 100 200 300 400 500 600 700 800 1000 1200; do
    for try in 1 2; do # a machine that stands still for a moment is no limit of the server
        line=$(talk sipstead "$wanted" --seconds "$seconds") || break 2
        echo "$wanted calls: $line"
        rest 100
        [ "$(lost <<<"$line")" -gt 0 ] || { held=$wanted; break; }
    done
    [ "$held" = "$wanted" ] || break
done
bar "relayed calls without loss" "$held" 'at least' 100 ''
