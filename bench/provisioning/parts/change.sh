# One change at a time beside all that is there.
start_on_copy
each() { for ((i = 1; i <= times; i++)); do echo "${1//@/$i}"; done; } # LINE with @ for the number
name() { echo "/realms/bench/sipcredentials/$((1000 + $1))"; }

each "POST /realms $(realm_body new@)" | send >/dev/null # warm
each "POST /realms $(realm_body more@)" | change 'create a realm' 10
each 'PUT /realms/more@ <Realm><Description>changed</Description></Realm>' | change 'change a realm' 10
each 'PUT /realms/bench <Realm><Description>changed @</Description></Realm>' | change 'change the realm of most' 10
each 'PUT /realms/more@ <Realm><Default>true</Default></Realm>' | change 'promote another default' 10
each 'DELETE /realms/new@' | change 'delete a realm' 10
each "POST /realms/bench/sipcredentials <SipCredentials>$(credential fresh@)</SipCredentials>" | change 'create a credential' 10
each "POST /sipcredentials <SipCredentials>$(credential fresh@account '<Realm>bench</Realm>')</SipCredentials>" | change 'create one, in the account' 15
for ((i = 1; i <= times; i++)); do
    echo "PUT $(name $i) <SipCredential><RealmId>1</RealmId><Hash1>$(printf %032x $i)</Hash1></SipCredential>"
done | change 'rotate a credential' 10
for ((i = 1; i <= times; i++)); do echo "DELETE $(name $i)"; done | change 'delete a credential' 10
each 'DELETE /sipcredentials/phone@' | change 'delete one by name, in the account' 10
