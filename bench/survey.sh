#!/bin/bash
# bench/survey.sh: calibration of about 100,000 companies on 133 margins, and estimates by 100 domains: from arrays, from CSV to
# CSV, and by R's survey package when it is there. MAILLAGE: the program; KEEP: a directory to keep the data in.
cd "$(dirname "$0")/.." || exit 1
maillage=${MAILLAGE:-build/maillage}
folder=${KEEP:-$(mktemp -d)}
mkdir -p "$folder"
[ -n "$KEEP" ] || trap 'rm -rf "$folder"' EXIT
[ -s "$folder/sample.csv" ] || python3 bench/survey_population.py "$folder" "$maillage" || exit 1

echo "# the engine, from arrays (CPU seconds)"
engine=$(ls engine/survey/*.c | grep -v disclose)
cc -O3 -std=gnu17 -D_GNU_SOURCE -fno-math-errno -I. -o "$folder/arrays" bench/survey_arrays.c $engine platform/csv/*.c base/*.c -lm -lpthread || exit 1
"$folder/arrays" "$folder/sample.csv" "$folder/margins.csv" || exit 1

echo "# from CSV to CSV (the shell's times)"
for method in linear raking "logit --bounds 0.3,3"; do
    echo "calibrate, $method"
    ( time -p "$maillage" survey calibrate --units "$folder/sample.csv" --margins "$folder/margins.csv" --weight d --method $method --out "$folder/weights.csv" ) 2>&1 | grep -v -e sys -e note
done
echo "estimate: total, ratio and balance by 100 domains"
( time -p "$maillage" survey estimate --units "$folder/sample.csv" --weights "$folder/weights.csv" --design stratum=stratum,fpc=Nh \
    --margins "$folder/margins.csv" --method logit --total invest --ratio invest/turnover --balance opinion --by sector,size --out "$folder/estimates.csv" ) 2>&1 | grep -v sys
echo "allocate: Neyman, 100,000 units"
( time -p "$maillage" survey allocate --strata "$folder/strata.csv" --total 100000 --out "$folder/sizes2.csv" ) 2>&1 | grep -v sys

if Rscript -e 'quit(status = !requireNamespace("survey", quietly = TRUE))' 2>/dev/null; then
    echo "# R, survey $(Rscript -e 'cat(as.character(packageVersion("survey")))') (CPU seconds)"
    Rscript bench/survey_peer.R "$folder" || exit 1
else
    echo "# R with its package survey is not installed: no peer"
fi
