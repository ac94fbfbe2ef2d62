# The servers that bench/media/run measures. Sourced, behind bench/registrar/server.sh.
rtpengine_port=22223

# Makes the users a and b and an application.
make_users() {
    local headers=(-sf -u "admin:$password" -H 'Content-Type: application/xml') user hash
    make_realm sipstead
    fqdn=$(curl "${headers[@]}" "$(api sipstead)/realms/bench" | grep -o 'bench\.[^<]*' | head -n 1)
    for user in a b; do
        hash=$(printf '%s' "$user:$fqdn:load" | md5sum | cut -d' ' -f1)
        curl "${headers[@]}" -d "<SipCredentials><SipCredential><UserName>$user</UserName><Hash1>$hash</Hash1></SipCredential></SipCredentials>" \
            "$(api sipstead)/realms/bench/sipcredentials" >/dev/null
    done
    application=$(curl "${headers[@]}" -d '<Application><ServiceType>Voice-V2</ServiceType><AppName>load</AppName>
<CallInitiatedCallbackUrl>http://127.0.0.1:9/none</CallInitiatedCallbackUrl></Application>' "$(api sipstead)/applications" |
        sed -n 's:.*<ApplicationId>\([^<]*\)</ApplicationId>.*:\1:p')
}

start_rtpengine() {
    taskset -c 0 rtpengine --table=-1 --interface=127.0.0.1 --listen-ng=127.0.0.1:$rtpengine_port --port-min=30000 --port-max=39999 --num-threads=1 \
        --foreground --log-stderr --log-level=4 2>"$work/rtpengine.log" &
    pid[rtpengine]=$!
    sleep 2
    kill -0 "${pid[rtpengine]}" || { tail "$work/rtpengine.log" >&2; exit 1; }
}

# Calls through a server, and a line of figures: talk NAME CALLS [--members N] ...
talk() {
    local name=$1 calls=$2
    shift 2
    if [ "$name" = rtpengine ]; then
        taskset -c 1 "$parties" rtpengine 127.0.0.1:$rtpengine_port --calls "$calls" --pid "${pid[rtpengine]}" "$@"
    else
        taskset -c 1 "$parties" sipstead "http://127.0.0.1:${http[sipstead]}" "127.0.0.1:${sip[sipstead]}" 9900000 "admin:$password" "$application" "$fqdn" \
            --calls "$calls" --pid "${pid[sipstead]}" "$@"
    fi
}

# Frames that did not come, or not as they were sent, of a line of figures.
lost() {
    local line
    line=$(cat)
    echo $(($(value gaps <<<"$line") + $(value wrong <<<"$line")))
}

sockets() { find "/proc/${pid[sipstead]}/fd" -lname 'socket:*' | wc -l; }

# Waits until the ports of ended calls are closed: they rest for a while.
rest() {
    local patience
    for ((patience = 0; patience < 60; patience++)); do
        [ "$(sockets)" -gt "$1" ] || return 0
        sleep 1
    done
}
