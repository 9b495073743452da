#!/bin/bash
# bench/records.sh: 1,000,000 organisations and 100,000 needs: search with filters, records by the API, start, memory, map, import.
# COMPANIES, NEEDS, SECONDS: sizes; BUILD: the release build; DB: an address (a temporary SQLite file), kept when KEEP is set.
cd "$(dirname "$0")/.." || exit 1
program=${BUILD:-build}/maillage companies=${COMPANIES:-1000000} needs=${NEEDS:-100000} seconds=${SECONDS_EACH:-10}
folder=$(mktemp -d /tmp/maillage-bench-XXXXXX)
database=${DB:-$folder/bench.db} port=8941
stop() {
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null
    [ ! -s "$folder/nginx.pid" ] || kill "$(cat "$folder/nginx.pid")" 2>/dev/null
    sleep 0.5
    rm -rf "$folder"
}
trap stop EXIT

echo "# $companies companies, $needs needs"
"$program" reference --db "$database" --directory build/reference >/dev/null 2>&1
/usr/bin/time -f "demonstration: %e s, %U s CPU, %M kB at most" "$program" demo --db "$database" --companies "$companies" --needs "$needs" >/dev/null 2>"$folder/demo"
tail -1 "$folder/demo"

began=$(date +%s%N)
"$program" serve --db "$database" --listen 127.0.0.1:$port --quiet --unlimited >"$folder/log" 2>&1 &
server=$!
until curl -s -o /dev/null http://127.0.0.1:$port/health; do sleep 0.01; done
echo "ready to serve: $((($(date +%s%N) - began) / 1000000)) ms"

# Words by their frequency in the names, the commonest included; a facet is added to every second request.
cat >"$folder/search.lua" <<'LUA'
local words = {"mecanique", "logiciels", "ingenierie", "fictif", "alva", "conseil", "laboratoires", "belreval", "forge", "plasturgie", "mornovent", "de"}
local places = {"R84", "R11", "59", "R32", "33"}
local i = 0
request = function()
  i = i + 1
  local path = "/api/v1/organisation?limit=10&q=" .. words[i % #words + 1]
  if i % 2 == 0 then path = path .. "&place=" .. places[i % #places + 1] end
  return wrk.format("GET", path)
end
LUA
sed 's#/api/v1/organisation?limit=10&q=#/fr/organisations?q=#' "$folder/search.lua" >"$folder/page.lua"
measure() { # name, connections, script or address
    name=$1 connections=$2 what=$3
    case "$what" in *.lua) set -- -s "$what" http://127.0.0.1:$port/ ;; *) set -- "$what" ;; esac
    wrk -t2 -c"$connections" -d"$seconds" --latency "$@" | awk -v name="$name" -v c="$connections" '
        /50%/ {p50 = $2} /99%/ {p99 = $2} /Requests\/sec/ {printf "%s, %s connections: %s/s, p50 %s, p99 %s\n", name, c, $2, p50, p99}'
}
measure "search and page of 10 (API)" 2 "$folder/search.lua"
measure "search and page of 10 (API)" 8 "$folder/search.lua"
measure "search, filters and counts (page)" 2 "$folder/page.lua"
measure "search, filters and counts (page)" 8 "$folder/page.lua"
measure "needs on the map (page)" 2 "http://127.0.0.1:$port/fr/needs/map"
id=$(curl -s "http://127.0.0.1:$port/api/v1/organisation?limit=1" | sed 's/.*"items": \[{"id": "\([0-9]*\)".*/\1/')
measure "record by id (API)" 64 "http://127.0.0.1:$port/api/v1/organisation/$id"
awk '/RssAnon/ {printf "RssAnon after load: %d MB\n", $2 / 1024}' "/proc/$server/status"

if command -v nginx >/dev/null; then
    head -c 500 /dev/zero | tr '\0' 'x' >"$folder/small"
    printf 'worker_processes 2; pid %s/nginx.pid; error_log /dev/null; events {} http { access_log off; server { listen 127.0.0.1:8942; root %s; } }' "$folder" "$folder" >"$folder/nginx.conf"
    chmod 755 "$folder"
    nginx -c "$folder/nginx.conf"
    measure "nginx, a file of 500 bytes" 64 "http://127.0.0.1:8942/small"
fi
