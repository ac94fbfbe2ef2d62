# What a second receiving thread costs: both servers on both cores, by turns, the generator on core 1.
fresh_data one "$devices"
fresh_data two "$devices"
cores=0,1 start one "$work/data-one" Sipstead__Sip__UdpThreads=1
cores=0,1 start two "$work/data-two" Sipstead__Sip__UdpThreads=2
count=([one]=$devices [two]=$devices)
refresh_by_turns one two
for name in one two; do rows_of "$name" "$name receiving thread(s)"; done
# shellcheck disable=SC2086
bar 'two threads to one' "$(calculate "$(median ${cpu[two]}) / $(median ${cpu[one]})")" 'at most' 1.18 ''
