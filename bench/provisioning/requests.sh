# Requests to the server that bench/provisioning/run measures. Sourced after bench/registrar/server.sh.
sign_in=(-s -u "admin:$password")
xml=(-H 'Content-Type: application/xml')
timing='%{http_code} %{time_total}\n'

# Milliseconds of each line of the timing; ends the run at a status other than 2xx.
milliseconds() {
    awk '$1 !~ /^2/ { print "answered " $1 > "/dev/stderr"; exit 1 } { printf "%.1f\n", $2 * 1000 }'
}

# Sends a request $times times over one connection and holds the median to a bar: ask WHAT LIMIT PATH [curl options]
ask() {
    local what=$1 limit=$2 path=$3 took
    shift 3
    curl "${sign_in[@]}" -f -o /dev/null "$@" "$(api size)$path" || { echo "$what was refused." >&2; exit 1; } # warms it
    took=$(curl "${sign_in[@]}" -o /dev/null -w "$timing" "$@" "$(api size)$path#[1-$times]" | milliseconds)
    # shellcheck disable=SC2086 # one word for each request
    row "$what" ms $took
    # shellcheck disable=SC2086
    bar "$what, median" "$(median $took)" 'at most' "$limit" ms
}

# Sends a request for each line "METHOD PATH BODY", or @ and the file of the body, over one connection and prints how many milliseconds each took.
send() {
    awk -v user="admin:$password" -v api="$(api size)" -v format="${timing/\\n/\\\\n}" '
        NR > 1 { print "next" }
        {
            method = $1; path = $2; body = $0; sub(/^[^ ]+ [^ ]+ ?/, "", body); gsub(/"/, "\\\"", body)
            printf "url = \"%s%s\"\nrequest = %s\nuser = \"%s\"\noutput = /dev/null\nwrite-out = \"%s\"\nsilent\n", api, path, method, user, format
            if (body != "") printf "header = \"Content-Type: application/xml\"\ndata = \"%s\"\n", body
        }' | curl -K - | milliseconds
}

# Sends the lines of its input and holds their median to a bar: change WHAT LIMIT <lines
change() {
    local took
    took=$(send)
    # shellcheck disable=SC2086 # one word for each request
    row "$1" ms $took
    # shellcheck disable=SC2086
    bar "$1, median" "$(median $took)" 'at most' "$2" ms
}

realm_body() { echo "<Realm><Realm>$1</Realm><Default>false</Default></Realm>"; } # NAME

hash=0123456789abcdef0123456789abcdef
credential() { echo "<SipCredential><UserName>$1</UserName><Hash1>$hash</Hash1>${2:-}</SipCredential>"; } # NAME [MORE]

# Starts the server on a copy of what create made.
start_on_copy() {
    [ -e "$data/complete" ] || { echo 'Run bench/provisioning/run create first.' >&2; exit 1; }
    rm -rf "$work/data"
    cp -r "$data" "$work/data"
    start size "$work/data"
}
