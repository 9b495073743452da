#!/bin/sh
# bench/disclose.sh SAMPLE.csv: time, memory and loss of maillage survey protect and audit on tables of 1,764, 10,164 and 79,860
# cells made from a sample of about 100,000 companies (id,sector,size,region,turnover; see bench/survey_population.py).
# MAILLAGE: the program (build/maillage).
set -eu
here=$(dirname "$0")
program=${MAILLAGE:-$here/../build/maillage}
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
python3 "$here/disclose_population.py" "$1" "$work"
run() { # name, command and its words
    name=$1
    shift
    python3 - "$name" "$@" <<'PY'
import resource, subprocess, sys, time
start = time.time()
done = subprocess.run(sys.argv[2:], capture_output=True, text=True)
use = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"== {sys.argv[1]}: {use.ru_utime + use.ru_stime:.2f} s of processor, {time.time() - start:.2f} s, {use.ru_maxrss / 1024:.0f} MB, exit {done.returncode}")
print(done.stdout + done.stderr, end="")
PY
}
for table in A B C; do
    case $table in
    A) by=sector,region,size trees= ;;
    B) by=subsector,region,size trees="--hierarchy subsector=$work/sector.csv" ;;
    C) by=subsector,department,size trees="--hierarchy subsector=$work/sector.csv --hierarchy department=$work/region.csv" ;;
    esac
    for cost in balance cells; do
        # shellcheck disable=SC2086 # trees is words
        run "$table protect, cost $cost" "$program" survey protect --units "$work/units.csv" --response turnover --by $by $trees --cost $cost \
            --out "$work/$table.csv"
    done
    # shellcheck disable=SC2086
    run "$table audit" "$program" survey audit --units "$work/units.csv" --response turnover --by $by $trees --table "$work/$table.csv"
done
