#!/bin/bash
# bench/records.sh: 1,000,000 organisations and 100,000 needs: search with counts, records by the API, start, memory, maps and lists.
# COMPANIES, NEEDS: sizes; SECONDS_EACH: of each measure; BUILD: the release build; DB: an address to use as it is when it holds records
# (else a temporary SQLite file is made). Each line says what share of the processors other programs had meanwhile: above a few
# per cent its times mean little, the processor time a request still does.
cd "$(dirname "$0")/.." || exit 1
program=${BUILD:-build}/maillage companies=${COMPANIES:-1000000} needs=${NEEDS:-100000} seconds=${SECONDS_EACH:-10}
folder=$(mktemp -d /tmp/maillage-bench-XXXXXX)
database=${DB:-$folder/bench.db} port=${PORT:-8941}
address=127.0.0.1:$port
processors=$(nproc)
stop() {
    [ -z "${sampler:-}" ] || kill "$sampler" 2>/dev/null
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null
    [ ! -s "$folder/nginx.pid" ] || kill "$(cat "$folder/nginx.pid")" 2>/dev/null
    sleep 0.5
    rm -rf "$folder"
}
trap stop EXIT

count() {
    case "$database" in
    postgresql:*) psql -X -q -t -A "$database" -c "SELECT COUNT(*) FROM $1" ;;
    *) sqlite3 -readonly "$database" "SELECT COUNT(*) FROM $1" ;;
    esac 2>/dev/null
}

prepare() {
    [ "$(count organisation || echo 0)" -gt 0 ] 2>/dev/null && return
    "$program" reference --db "$database" --directory build/reference >/dev/null 2>&1
    /usr/bin/time -f "demonstration: %e s, %U s of processor, %M kB at most" "$program" demo --db "$database" \
        --companies "$companies" --needs "$needs" >/dev/null 2>"$folder/demo"
    tail -1 "$folder/demo"
    case "$database" in postgresql:*) psql -X -q "$database" -c "VACUUM ANALYZE" ;; esac # the server does it within minutes by itself
}

# Starts the site; prints after how many milliseconds it answered.
start_site() {
    local began
    began=$(date +%s%N)
    "$program" serve --db "$database" --listen "$address" --quiet --unlimited >"$folder/log" 2>&1 &
    server=$!
    until curl -s -o /dev/null "http://$address/health"; do sleep 0.005; done
    started=$((($(date +%s%N) - began) / 1000000))
}
stop_site() {
    kill "$server"
    wait "$server"
    server=
}

# Hundredths of a second of processor time: of processes; of PostgreSQL's; of the whole machine.
ticks() { for process in "$@"; do cat "/proc/$process/stat"; done 2>/dev/null | sed 's/^.*) //' | awk '{sum += $12 + $13} END {print sum + 0}'; }
ticks_postgresql() { case "$database" in postgresql:*) ticks $(pgrep -x postgres) ;; *) echo 0 ;; esac; }
ticks_all() { awk '/^cpu / {print $2 + $3 + $4 + $7 + $8 + $9}' /proc/stat; }

cat >"$folder/list.lua" <<'LUA'
local paths, headers, at = {}, {}, 0
init = function(arguments)
  for line in io.lines(arguments[1]) do paths[#paths + 1] = line end
  if arguments[2] then headers[arguments[2]] = arguments[3] end
  at = math.random(#paths)
end
local threads = 0
setup = function(thread) threads = threads + 1 thread:set("start", threads) end
request = function()
  if start then at = start * 1009 start = nil end
  at = at % #paths + 1
  return wrk.format("GET", paths[at], headers)
end
LUA

# measure NAME CONNECTIONS "PID..." ADDRESS FILE [HEADER VALUE]: asks for the addresses of the file in turn.
measure() {
    local name=$1 connections=$2 processes=$3 target=$4 threads=2
    shift 4
    local began_all began_server began_postgresql server_used postgresql_used all wrk_used
    began_all=$(ticks_all) began_server=$(ticks $processes) began_postgresql=$(ticks_postgresql)
    /usr/bin/time -o "$folder/time" -f "%U %S" wrk -t$threads -c"$connections" -d"$seconds" --latency -s "$folder/list.lua" "http://$target/" -- "$@" >"$folder/out"
    server_used=$(($(ticks $processes) - began_server)) postgresql_used=$(($(ticks_postgresql) - began_postgresql)) all=$(($(ticks_all) - began_all))
    wrk_used=$(tail -1 "$folder/time" | awk '{print ($1 + $2) * 100}')
    grep "Non-2xx\|Socket errors" "$folder/out"
    awk -v name="$name" -v c="$connections" -v used=$server_used -v pg=$postgresql_used -v all=$all -v wrk="$wrk_used" -v n="$processors" -v s="$seconds" '
        /50%/ {p50 = $2} /99%/ {p99 = $2} /requests in/ {requests = $1} /Requests\/sec/ {rate = $2}
        END {
            others = (all - used - pg - wrk) / (n * s); if (others < 0) others = 0
            printf "%s, %s connections: %d/s, p50 %s, p99 %s, %.0f us of processor a request%s (others: %.0f %% of the machine)\n", name, c, rate, p50, p99,
                used * 1e4 / requests, pg ? sprintf(" and %.0f of PostgreSQL", pg * 1e4 / requests) : "", others
            print rate, used * 1e4 / requests >"'"$folder"'/last"
        }' "$folder/out"
}

echo "# $companies companies, $needs needs; load $(cut -d' ' -f1-3 /proc/loadavg)"
prepare
python3 bench/records.py queries "$database" "$folder" || exit 1
for round in 1 2 3; do
    [ -z "${server:-}" ] || stop_site
    start_site
    echo "ready to serve: $started ms; $(python3 bench/records.py first "$address" "$folder/api.txt")"
done
(
    while sleep 0.2; do awk '/RssAnon/ {print $2}' "/proc/$server/status" >>"$folder/anon"; done
) 2>/dev/null &
sampler=$!

token=$("$program" user token --db "$database" --email charge@maillage.example --name bench 2>/dev/null)
cookie=$(python3 bench/records.py session "$address")
measure "search and 4 counts (API)" 2 $server "$address" "$folder/api.txt"
measure "search and 4 counts (API)" 8 $server "$address" "$folder/api.txt"
measure "search and 4 counts (API), officer" 2 $server "$address" "$folder/api.txt" Authorization "Bearer $token"
measure "search and 4 counts (API), officer" 8 $server "$address" "$folder/api.txt" Authorization "Bearer $token"
measure "search, 50 results, all counts (page)" 2 $server "$address" "$folder/pages.txt"
measure "search, 50 results, all counts (page)" 8 $server "$address" "$folder/pages.txt"
measure "search, 50 results, all counts (page), officer" 2 $server "$address" "$folder/pages.txt" Cookie "$cookie"

python3 - "$address" >"$folder/ids.txt" <<'PY'
import json, sys, urllib.request
for page in range(1, 9):
    with urllib.request.urlopen(f"http://{sys.argv[1]}/api/v1/organisation?limit=500&page={page * 100}") as answer:
        for item in json.load(answer)["items"]:
            print(f"/api/v1/organisation/{item['id']}")
PY
curl -s "http://$address$(head -1 "$folder/ids.txt")" >"$folder/small"
echo /small >"$folder/small.txt"
chmod 755 "$folder"
printf 'worker_processes %d; pid %s/nginx.pid; error_log /dev/null; events {} http { access_log off; keepalive_requests 100000000; open_file_cache max=100; server { listen 127.0.0.1:%d; root %s; } }' \
    "$processors" "$folder" $((port + 1)) "$folder" >"$folder/nginx.conf"
nginx -c "$folder/nginx.conf"
main=$(cat "$folder/nginx.pid")
workers=$(cat "/proc/$main/task/$main/children")
for round in 1 2 3 4 5 6 7; do
    measure "nginx, a file as large as a record" 64 "$workers" "127.0.0.1:$((port + 1))" "$folder/small.txt"
    read -r nginx_rate _ <"$folder/last"
    measure "record by id (API)" 64 $server "$address" "$folder/ids.txt"
    read -r rate _ <"$folder/last"
    awk -v a="$rate" -v b="$nginx_rate" 'BEGIN {printf "%.2f\n", a / b}' >>"$folder/shares"
done
sort -n "$folder/shares" | awk '{share[NR] = $1} END {printf "  of nginx in requests a second, seven times each in turn: median %.2f, %.2f to %.2f\n", share[4], share[1], share[7]}'
measure "record by id (API), officer" 64 $server "$address" "$folder/ids.txt" Authorization "Bearer $token"

organisations=/fr/organisations api=/api/v1/organisation
python3 bench/records.py median "$address" /fr/needs/map "/fr/needs/map?level=departement" "/fr/needs/map?sector=25&size=small" \
    $organisations/map "$organisations/map?level=departement" "$organisations/map?q=mecanique&place=R84" \
    /fr/understand/needs "/fr/understand/needs?level=departement&sector=62" $organisations "$organisations?page=20000" \
    "$organisations?q=zzzzqqq" "$organisations?near=45.76,4.84,30" "$organisations?near=48.85,2.35,50&size=large" \
    "$organisations?sort=name" "$organisations?sort=name&page=10000" "$organisations?sort=name&page=20000" "$organisations?sort=name&place=971" "$organisations?sort=old&page=9000" \
    "$organisations?q=mecanique&sort=name&page=100" "$api?sort=name&place=R84&limit=500" /fr/needs "/fr/search?q=mecanique" \
    "/api/v1/suggest/organisation?q=mec" "/api/v1/suggest/organisation?q=m" "/api/v1/suggest/need?q=sou" "/api/v1/vocabulary/territory?q=saint"
echo "RssAnon under load: $(sort -n "$folder/anon" | tail -1 | awk '{printf "%.0f MB at most", $1 / 1024}')"
