# What a refresh costs with ten times as many devices, by turns.
fresh_data few "$devices"
fresh_data many "$many"
start few "$work/data-few"
start many "$work/data-many"
count=([few]=$devices [many]=$many)
refresh_by_turns few many
for name in few many; do rows_of "$name" "${count[$name]} devices"; done
# shellcheck disable=SC2086
bar "$many to $devices devices" "$(calculate "$(median ${cpu[many]}) / $(median ${cpu[few]})")" 'at most' 1.25 ''
