# Refreshes at half the rate that the server can do at most, each measured from when it was to be sent.
fresh_data latency "$devices"
start latency "$work/data-latency"
mapfile -t lines < <(load latency "$devices" once refresh:8 "refresh:$seconds" "refresh:2@x0.5" $(repeat "$rounds" "refresh:$seconds@x0.5"))
figures() { printf '%s\n' "${lines[@]:4}" | value "$1"; }
row 'top rate' /s "$(value rate <<<"${lines[2]}")"
for figure in rate:/s p50_ms:ms p99_ms:ms p999_ms:ms max_ms:ms; do
    # shellcheck disable=SC2046 # one word for each round
    row "${figure%:*} at half of it" "${figure#*:}" $(figures "${figure%:*}")
done
# shellcheck disable=SC2046
bar 'p99' "$(median $(figures p99_ms))" 'at most' 5 ms
# shellcheck disable=SC2046
bar 'p99.9' "$(median $(figures p999_ms))" 'at most' 50 ms
