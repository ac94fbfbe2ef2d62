# The servers that bench/registrar/run measures, and how it reads and prints figures. Sourced.
realm=bench.test
password=register-load-password
declare -A pid sip http dns
instances=0

need() { # PROGRAM PACKAGE
    command -v "$1" >/dev/null || { echo "$1 is missing: install the Debian package $2." >&2; exit 1; }
}

# Starts a Sipstead on a data folder and waits until it is ready: start NAME FOLDER [Setting=value ...]. Pinned to the cores in $cores.
start() {
    local name=$1 folder=$2
    shift 2
    instances=$((instances + 1))
    http[$name]=$((18180 + instances)) sip[$name]=$((15060 + 10 * instances)) dns[$name]=$((16300 + instances))
    env Sipstead__DataDirectory="$folder" Sipstead__BaseDomain=test Sipstead__RealmFqdn='{name}.{base}' Sipstead__Bootstrap__Password="$password" \
        Sipstead__Http__Url="http://127.0.0.1:${http[$name]}" Sipstead__Sip__Address=127.0.0.1 Sipstead__Sip__Port="${sip[$name]}" \
        Sipstead__Sip__TlsPort="$((sip[$name] + 1))" Sipstead__Dns__Port="${dns[$name]}" "$@" \
        taskset -c "${cores:-0}" dotnet "$sipstead" >"$work/$name.out" 2>"$work/$name.log" &
    pid[$name]=$!
    until curl -sf "http://127.0.0.1:${http[$name]}/health/ready" >/dev/null; do
        kill -0 "${pid[$name]}" || { tail "$work/$name.log" >&2; exit 1; }
        sleep 0.01
    done
    kill -0 "${pid[$name]}" || { echo "Another server has the ports of this one." >&2; exit 1; }
}

# Starts Kamailio with the credentials of so many users, with the fastest of its memory managers.
start_kamailio() {
    sip[kamailio]=15050
    taskset -c 0 kamailio -DD -m 1024 -M 64 -x fm -X fm -A USERS="$1" -l udp:127.0.0.1:15050 -f "$here/kamailio.cfg" -Y "$work" >"$work/kamailio.log" 2>&1 &
    pid[kamailio]=$!
    until "$generator" run 127.0.0.1:15050 "$realm" 1 once --give-up 0.5 >/dev/null 2>&1; do
        kill -0 "${pid[kamailio]}" || { tail "$work/kamailio.log" >&2; exit 1; }
        sleep 0.2
    done
}

stop() { # NAME [SIGNAL]
    kill -"${2:-TERM}" "${pid[$1]}"
    wait "${pid[$1]}" 2>/dev/null || true
    unset "pid[$1]"
}

# A data folder with the credentials of so many devices, made once and kept; a copy of it to run on: fresh_data NAME DEVICES.
fresh_data() {
    local kept=$data/$2
    if [ ! -e "$kept/complete" ]; then
        echo "Making $2 credentials in $kept ..." >&2
        rm -rf "$kept" && mkdir -p "$kept"
        cores=0,1 start preparing "$kept"
        make_realm preparing
        [ "$2" = 0 ] || credentials preparing 0 "$2" >&2
        stop preparing
        touch "$kept/complete"
    fi
    rm -rf "${work:?}/data-$1"
    cp -r "$kept" "$work/data-$1"
}

api() { echo "http://127.0.0.1:${http[$1]}/api/accounts/9900000"; } # NAME

make_realm() { # NAME
    local headers=(-sf -u "admin:$password" -H 'Content-Type: application/xml')
    curl "${headers[@]}" -d '<Realm><Realm>bench</Realm><Default>true</Default></Realm>' "$(api "$1")/realms" >/dev/null
    until curl "${headers[@]}" "$(api "$1")/realms/bench" | grep -q ACTIVE; do sleep 0.1; done
}

credentials() { # NAME FIRST COUNT
    taskset -c "${load_cores:-0,1}" "$generator" credentials "$(api "$1")/realms/bench/sipcredentials" "admin:$password" "$realm" "$2" "$3"
}

# Runs the generator on core 1 and prints its lines: load NAME DEVICES PHASE ... [--option ...]. Refusals are in the lines, and the first in errors.
load() {
    local name=$1
    shift
    # shellcheck disable=SC2046 # one word for each process
    taskset -c 1 "$generator" run "127.0.0.1:${load_port:-${sip[$name]}}" "$realm" "$@" --pid $(processes "$name") --threads sip-udp 2>>"$work/errors" || [ $? = 3 ]
}

declare -A cpu rate count

# Measures refreshes of a server with so many devices once, and adds a figure each to cpu[NAME] and rate[NAME]: measure_refresh NAME DEVICES.
measure_refresh() {
    local line
    line=$(load "$1" "$2" once refresh:2 "refresh:$seconds" | tail -n 1)
    cpu[$1]+=" $(value cpu_us <<<"$line")"
    rate[$1]+=" $(value rate <<<"$line")"
}

# Measures refreshes of servers by turns, with count[NAME] devices each, into cpu[NAME] and rate[NAME]: a figure for each round.
refresh_by_turns() { # NAME ...
    local name round
    cpu=() rate=()
    for name in "$@"; do load "$name" "${count[$name]}" once refresh:8 >/dev/null; done
    for ((round = 0; round < rounds; round++)); do
        for name in "$@"; do measure_refresh "$name" "${count[$name]}"; done
    done
}

# Prints what measure_refresh measured of a server: rows_of NAME WHAT.
rows_of() {
    # shellcheck disable=SC2086 # one word for each round
    row "$2, refresh, CPU" µs ${cpu[$1]}
    # shellcheck disable=SC2086
    row "$2, refresh, rate" /s ${rate[$1]}
}

processes() { echo "${pid[$1]} $(pgrep -d ' ' -P "${pid[$1]}" || true)"; } # NAME; Kamailio has several

rss() { awk '/RssAnon/ { print $2 }' "/proc/${pid[$1]}/status"; } # NAME; kB

value() { sed -n "s/.*\b$1=\([^ ]*\).*/\1/p"; } # KEY <line

repeat() { # TIMES WORD ...
    local times=$1
    shift
    for ((; times > 0; times--)); do printf '%s ' "$@"; done
}

calculate() { awk "BEGIN { printf \"%.${2:-2f}\", $1 }"; } # EXPRESSION [FORMAT]

median() { printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# A line of a table: what, median, smallest and largest: row WHAT UNIT FIGURE ...
row() {
    local what=$1 unit=$2 sorted
    shift 2
    sorted=$(printf '%s\n' "$@" | sort -g)
    printf '%-48s %10s %-6s (%s to %s, of %s)\n' "$what" "$(median "$@")" "$unit" "$(head -n 1 <<<"$sorted")" "$(tail -n 1 <<<"$sorted")" "$#"
}

missed=0
bar() { # WHAT FIGURE "at most"|"at least" LIMIT UNIT
    local verdict=pass
    awk "BEGIN { exit !($2 $([ "$3" = 'at most' ] && echo '<=' || echo '>=') $4) }" || { verdict=FAIL missed=$((missed + 1)); }
    printf '%-48s %10s %-6s bar: %s %s: %s\n' "$1" "$2" "$5" "$3" "$4" "$verdict"
}
