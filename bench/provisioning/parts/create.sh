# Realms and credentials made by the API: how fast at the start and at the end. What is made is kept for the other parts.
rm -rf "$data" && mkdir -p "$data"
start size "$data"
make_realm size
eighth=$((many * 9 / 10 / 8))
others=$((realms - 1))

for ((i = 1; i <= others; i++)); do echo "POST /realms $(realm_body "r$i")"; done | send >"$work/realms"
tenth=$((others / 10))
# shellcheck disable=SC2046 # one word for each request
row "a realm, the first $tenth" ms $(head -n "$tenth" "$work/realms")
# shellcheck disable=SC2046
row "a realm, the last $tenth" ms $(tail -n "$tenth" "$work/realms")
bar 'a realm, median of the last' "$(tail -n "$tenth" "$work/realms" | sort -g | sed -n "$((tenth / 2))p")" 'at most' 10 ms

rate_of() { calculate "$eighth / $(value seconds)" 0f; }
credentials size 0 2000 >/dev/null # the first is compiled while it runs
for ((part = 0; part < 8; part++)); do
    made=$(credentials size $((2000 + part * eighth)) "$eighth" | rate_of)
    [ $part -gt 0 ] || first=$made
done
row "credentials, the first $eighth" /s "$first"
row "credentials, the last $eighth" /s "$made"
bar 'rate at the end to the start' "$(calculate "$made / $first")" 'at least' 0.67 ''

# A tenth of them by the account's API, spread over all realms: a thousand a POST, each names its realm. Each name is looked for in each realm.
spread=$((many / 10))
mkdir "$work/bodies"
for ((i = 0; i < spread; i += 1000)); do
    awk -v first="$i" -v realms="$others" -v hash="$hash" 'BEGIN {
        print "<SipCredentials>"
        for (n = first; n < first + 1000; n++) printf "<SipCredential><UserName>phone%d</UserName><Hash1>%s</Hash1><Realm>r%d</Realm></SipCredential>\n", n, hash, 1 + n % realms
        print "</SipCredentials>"
    }' >"$work/bodies/$i"
    echo "POST /sipcredentials @$work/bodies/$i"
done | send >"$work/spread"
# shellcheck disable=SC2046
row '1,000 credentials in as many realms' ms $(cat "$work/spread")
bar '1,000 credentials in as many realms, median' "$(sort -g "$work/spread" | sed -n "$((spread / 2000))p")" 'at most' 2000 ms
memory=$(($(rss size) / 1024))
stop size
echo "database: $(du -m "$data/sipstead.db" | cut -f 1) MB; anonymous memory before the stop: $memory MB"
touch "$data/complete"
