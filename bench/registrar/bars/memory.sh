# Anonymous memory: of an idle server, of a credential, of a registered device with its nonce.
settle=10
fresh_data empty 0
start empty "$work/data-empty"
sleep $settle
idle=$(rss empty)
stop empty
bar 'idle server' "$(calculate "$idle / 1024" 0f)" 'at most' 120 MB

fresh_data many "$many"
start many "$work/data-many"
sleep $settle
known=$(rss many)
load many "$many" once >/dev/null
sleep $settle
registered=$(rss many)
bar "credential, of $many" "$(calculate "($known - $idle) * 1024 / $many" 0f)" 'at most' 250 octets
bar "registered device, of $many" "$(calculate "($registered - $known) * 1024 / $many" 0f)" 'at most' 450 octets
