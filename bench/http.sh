#!/bin/sh
# bench/http.sh [SECONDS]: requests a second of a route from memory and of a record by key, beside nginx serving a 96-byte file,
# in turns in the same run (wrk, 2 threads, 64 connections); best of three. BUILD: the release build (build).
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-5}
build=${BUILD:-build}
folder=$(mktemp -d /tmp/maillage-bench-XXXXXX)
stop() {
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
    [ ! -s "$folder/nginx.pid" ] || kill "$(cat "$folder/nginx.pid")" 2>/dev/null || true
    sleep 0.3
    rm -rf "$folder"
}
trap stop EXIT

libraries="libmicrohttpd libsodium jansson zlib libutf8proc sqlite3 libpq"
cc -O2 -std=gnu17 -D_GNU_SOURCE -I. -o "$folder/http_routes" bench/http_routes.c "$build/libplatform.a" "$build/libbase.a" \
    $(pkg-config --cflags --libs $libraries) -lpthread -lm
"$folder/http_routes" "$folder/bench.db" >"$folder/port" 2>/dev/null &
server=$!

printf '%096d' 0 >"$folder/file"
chmod 755 "$folder"
nginx_port=$((20000 + $$ % 20000))
cat >"$folder/nginx.conf" <<CONF
worker_processes 2;
pid $folder/nginx.pid;
error_log $folder/error.log;
events { worker_connections 1024; }
http {
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type application/json;
    open_file_cache max=100; open_file_cache_valid 60s;
    client_body_temp_path $folder; proxy_temp_path $folder; fastcgi_temp_path $folder; uwsgi_temp_path $folder; scgi_temp_path $folder;
    server { listen 127.0.0.1:$nginx_port; root $folder; }
}
CONF
nginx -c "$folder/nginx.conf" -p "$folder"
cat >"$folder/random.lua" <<'LUA'
request = function() return wrk.format("GET", "/api/v1/need/" .. math.random(1, 20000)) end
LUA
while [ ! -s "$folder/port" ]; do sleep 0.1; done
ours=http://127.0.0.1:$(cat "$folder/port")

# ticks PID...: hundredths of a second of processor time that the processes have used.
ticks() { for process in "$@"; do cat "/proc/$process/stat"; done | awk '{sum += $14 + $15} END {print sum}'; }

# rate NAME "PID..." URL [wrk's options]: prints requests a second, the time within which 99 % were answered, and the server's
# processor time a request, which other programs on the machine disturb less.
rate() {
    name=$1
    processes=$2
    shift 2
    before=$(ticks $processes)
    wrk -t2 -c64 -d"${seconds}s" --latency "$@" >"$folder/out"
    used=$(($(ticks $processes) - before))
    ! grep "Non-2xx\|Socket errors" "$folder/out"
    awk -v name="$name" -v used="$used" '/99%/ {p = $2} /requests in/ {n = $1} /Requests\/sec/ {r = $2}
        END {printf "%s %d /s, 99 %% in %s, %.1f us of processor a request\n", name, r, p, used * 1e4 / n}' "$folder/out" | tee -a "$folder/rates"
}
nginx_main=$(cat "$folder/nginx.pid")
nginx_processes=$(cat "/proc/$nginx_main/task/$nginx_main/children")
for round in 1 2 3; do
    rate nginx "$nginx_processes" "http://127.0.0.1:$nginx_port/file"
    rate memory "$server" "$ours/api/v1/memory"
    rate record "$server" "$ours/" -s "$folder/random.lua"
done
awk '{if ($2 > best[$1]) best[$1] = $2}
     END {printf "best of three: nginx %d, memory %d (%.2f of nginx), record %d (%.2f of nginx)\n",
          best["nginx"], best["memory"], best["memory"] / best["nginx"], best["record"], best["record"] / best["nginx"]}' "$folder/rates"
grep RssAnon "/proc/$server/status"
