# Ten minutes of relayed calls: nothing is left afterwards.
soak=${SOAK_CALLS:-$(( ${held:-0} > 200 ? held / 2 : calls ))}
talk sipstead 10 --seconds 2 >/dev/null # what is made once is made
base=$(sockets)
rest "$base"
base=$(sockets) memory=$(rss sipstead)
line=$(talk sipstead "$soak" --seconds "$soak_seconds")
echo "$soak calls: $line"
rest "$base"
talk sipstead 10 --seconds 30 >/dev/null # a little traffic, so that the collector has a reason to look
rest "$base"
row "frames lost in $soak_seconds s, of $(value received <<<"$line")" '' "$(lost <<<"$line")"
bar "sockets left over" "$(($(sockets) - base))" 'at most' 0 ''
bar "anonymous memory beyond the base" "$((($(rss sipstead) - memory) / 1024))" 'at most' 64 MB
