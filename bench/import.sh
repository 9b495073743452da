#!/bin/bash
# bench/import.sh: import of 1,000,000 organisations against the database's own, while needs are saved.
# ROWS: how many; BUILD: the release build; NEEDS=0: nobody saves meanwhile; ENGINES: "sqlite postgresql" (PostgreSQL only where it is
# installed; its server syncs nothing, for both sides). The yardstick: the engine's own import of the same file into a table with as many indexes of the
# same types, then its full text of names and activities.
cd "$(dirname "$0")/.." || exit 1
program=${BUILD:-build}/maillage rows=${ROWS:-1000000} needs=${NEEDS:-1} port=${PORT:-8943}
if [ -z "${1:-}" ]; then
    folder=$(mktemp -d "${TMPDIR:-/tmp}/maillage-bench-XXXXXX")
    chmod 755 "$folder"
    trap 'rm -rf "$folder"' EXIT
    python3 bench/import_rows.py build/reference "$rows" >"$folder/rows.csv"
    echo "# $rows rows, $(($(stat -c %s "$folder/rows.csv") / 1000000)) MB; $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
    for engine in ${ENGINES:-sqlite postgresql}; do
        if [ "$engine" = sqlite ]; then
            "$0" "$folder" sqlite
        elif command -v psql >/dev/null; then
            tests/run-with-postgresql "$0" "$folder" postgresql
        fi
    done
    exit
fi
folder=$1 engine=$2
file=$folder/rows.csv

clock() { # name, command ...: seconds that passed and processor seconds of this process, kept for the ratio
    name=$1
    shift
    /usr/bin/time -o "$folder/time" -f "%e %U %S %M" "$@" >"$folder/out" 2>&1 || tail -5 "$folder/out"
    read -r wall user system memory <"$folder/time"
    echo "$engine, $name: $wall s, processor $user s and $system s in the kernel, at most $((memory / 1024)) MB"
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b ? a / b : 0 }'; }

columns="line, audience, name, type, siren, activity, sector, size, headcount, place, strategic_sectors, website, contact, email, telephone"
if [ "$engine" = sqlite ]; then
    database=$folder/import.db
    cat >"$folder/yardstick.sql" <<SQL
CREATE TABLE organisation (line INTEGER PRIMARY KEY, audience TEXT, name TEXT, type TEXT, siren TEXT, activity TEXT, sector TEXT,
  size TEXT, headcount INTEGER, place TEXT, strategic_sectors TEXT, website TEXT, contact TEXT, email TEXT, telephone TEXT);
CREATE UNIQUE INDEX organisation_slot ON organisation (line);
CREATE INDEX organisation_reader ON organisation (audience, line);
CREATE INDEX organisation_owner ON organisation (line);
CREATE INDEX organisation_name ON organisation (name);
CREATE UNIQUE INDEX organisation_siren ON organisation (siren);
CREATE VIRTUAL TABLE words USING fts5(name, activity, content='organisation', content_rowid='line');
.import --csv --skip 1 $file organisation
INSERT INTO words (rowid, name, activity) SELECT line, name, activity FROM organisation;
SQL
    clock "the shell's .import" sqlite3 "$folder/yardstick.db" ".read $folder/yardstick.sql"
    rm "$folder/yardstick.db"
else
    psql -qc "CREATE DATABASE import_yardstick" "$MAILLAGE_TEST_POSTGRESQL"
    psql -qc "CREATE DATABASE import_ours" "$MAILLAGE_TEST_POSTGRESQL"
    database=${MAILLAGE_TEST_POSTGRESQL%/*}/import_ours
    yardstick=${MAILLAGE_TEST_POSTGRESQL%/*}/import_yardstick
    cat >"$folder/yardstick.sql" <<SQL
CREATE TABLE organisation (line BIGINT PRIMARY KEY, audience TEXT, name TEXT COLLATE "C", type TEXT, siren TEXT COLLATE "C",
  activity TEXT, sector TEXT, size TEXT, headcount BIGINT, place TEXT, strategic_sectors TEXT, website TEXT, contact TEXT, email TEXT,
  telephone TEXT);
CREATE UNIQUE INDEX organisation_slot ON organisation (line);
CREATE INDEX organisation_reader ON organisation (audience, line);
CREATE INDEX organisation_owner ON organisation (line);
CREATE INDEX organisation_name ON organisation (name);
CREATE UNIQUE INDEX organisation_siren ON organisation (siren);
\\copy organisation ($columns) FROM '$file' WITH (FORMAT csv, HEADER)
CREATE INDEX organisation_words ON organisation USING gin (to_tsvector('simple', name || ' ' || coalesce(activity, '')));
SQL
    clock "\\copy by psql (the server's processor time is not counted)" psql -q -v ON_ERROR_STOP=1 -f "$folder/yardstick.sql" "$yardstick"
    psql -qc "DROP DATABASE import_yardstick" "$MAILLAGE_TEST_POSTGRESQL"
fi
yardstick_wall=$wall yardstick_processor=$(awk "BEGIN { print $user + $system }")

"$program" reference --db "$database" --directory build/reference >/dev/null 2>&1
"$program" demo --db "$database" --companies 100 --needs 0 >/dev/null 2>&1
if [ "$needs" != 0 ]; then
    token=$("$program" user token --db "$database" --email entreprise@maillage.example --name bench --write 2>/dev/null)
    "$program" serve --db "$database" --listen "127.0.0.1:$port" --quiet --unlimited >"$folder/log" 2>&1 &
    server=$!
    until curl -s -o /dev/null "http://127.0.0.1:$port/health"; do sleep 0.05; done
    rm -f "$folder/stop"
    python3 bench/import_needs.py "$port" "$token" "$folder/stop" >"$folder/needs" 2>&1 &
    client=$!
fi
clock "maillage import" "$program" import --db "$database" organisation "$file"
grep "added" "$folder/out" || cat "$folder/out"
if [ "$needs" != 0 ]; then
    touch "$folder/stop"
    wait "$client"
    cat "$folder/needs"
    kill "$server"
    wait "$server" 2>/dev/null
fi
echo "$engine, rows a second: $(ratio "$rows" "$wall"); time over the yardstick's: $(ratio "$wall" "$yardstick_wall")"
[ "$engine" != sqlite ] || echo "sqlite, processor time over the yardstick's: $(ratio "$(awk "BEGIN { print $user + $system }")" "$yardstick_processor")"
