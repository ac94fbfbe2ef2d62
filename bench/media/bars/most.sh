# The largest number of relayed calls at which no frame is lost on the way.
held=0
for wanted in 100 200 300 400 500 600 700 800 1000 1200; do
    line=$(talk sipstead "$wanted" --seconds "$seconds") || break
    echo "$wanted calls: $line"
    [ $(($(value gaps <<<"$line") + $(value wrong <<<"$line"))) = 0 ] || break
    held=$wanted
    rest 100
done
bar "relayed calls without loss" "$held" 'at least' 100 ''
