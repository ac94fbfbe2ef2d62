# Pages, filters and look-ups, and what a start takes.
cp -r "$data" "$work/started"
begun=$(date +%s.%N)
start started "$work/started"
bar 'start to ready' "$(calculate "$(date +%s.%N) - $begun" 1f)" 'at most' 5 s
stop started
rm -rf "$work/started"

start_on_copy
before=$(rss size)
in_bench=$((many * 9 / 10))
for at in 1 $((in_bench / 2)) $((in_bench - 600)); do
    ask "page of 500 of a realm, from $at" 50 "/realms/bench/sipcredentials?page=$at&size=500"
    ask "page of 500 of the account, from $at" 50 "/sipcredentials?page=$at&size=500"
done
ask 'filter by a name of one, in a realm' 200 "/realms/bench/sipcredentials?page=1&size=500&userNamefragment=user$((in_bench - 1))"
ask 'filter by a name of none, in a realm' 200 '/realms/bench/sipcredentials?page=1&size=500&userNamefragment=nobody'
ask 'filter by a name of many, in a realm' 50 '/realms/bench/sipcredentials?page=1&size=500&userNamefragment=user'
ask 'filter by a name of one, in the account' 200 "/sipcredentials?page=1&size=500&userNamefragment=user$((in_bench - 1))"
ask 'filter by a realm, in the account' 200 '/sipcredentials?page=1&size=500&realmFragment=r77'
curl "${sign_in[@]}" -f -o /dev/null "${xml[@]}" -d '<Application><ServiceType>Voice-V2</ServiceType><AppName>desk</AppName><CallInitiatedCallbackUrl>http://127.0.0.1:9/</CallInitiatedCallbackUrl></Application>' "$(api size)/applications"
ask 'filter by an application of none, in a realm' 200 '/realms/bench/sipcredentials?page=1&size=500&applicationNameFragment=des'
ask 'filter by an application of none, in the account' 200 '/sipcredentials?page=1&size=500&applicationNameFragment=des'
ask 'credential by id' 5 "/realms/bench/sipcredentials/$((in_bench / 2))"
ask 'credential by name, in the account' 10 '/sipcredentials/phone77'
ask 'realm by name' 5 '/realms/bench'
ask "list of $realms realms" 250 '/realms'
ask 'realms by a fragment' 50 '/realms?realmfragment=r77'
ask 'zone file of a realm' 10 '/realms/r77/zone'
if command -v dig >/dev/null; then
    took=$(for ((i = 1; i <= times; i++)); do dig @127.0.0.1 -p "${dns[size]}" "r$((i * realms / (times + 1))).test" NAPTR | awk '/Query time/ { print $4 }'; done)
    # shellcheck disable=SC2086 # one word for each question
    row 'DNS answer, by whole milliseconds of dig' ms $took
fi
bar 'anonymous memory after a start' "$((before / 1024))" 'at most' 300 MB
bar 'anonymous memory that pages have added' "$((($(rss size) - before) / 1024))" 'at most' 100 MB
