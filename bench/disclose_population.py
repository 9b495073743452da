#!/usr/bin/env python3
"""bench/disclose_population.py UNITS.csv OUTDIR: splits the sectors of a sample in five and its regions in seven or eight, by a
hash of the id, for tables of 10,164 and 79,860 cells. Reads id,sector,size,region,turnover; writes units.csv, sector.csv and
region.csv."""
import csv
import pathlib
import sys


def part(identifier, count, salt):
    x = (int(identifier) * 2654435761 + salt * 40503) & 0xFFFFFFFF
    x ^= x >> 15
    x = (x * 2246822519) & 0xFFFFFFFF
    return 1 + (x ^ (x >> 13)) % count


def write_links(path, links):
    with open(path, "w", encoding="utf-8") as file:
        file.write("code,parent\n")
        file.writelines(f"{code},{parent}\n" for code, parent in [(p, "") for p in sorted({p for _, p in links})] + sorted(links))


def main():
    source, out = sys.argv[1], pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    sectors, regions = set(), set()
    with open(source, encoding="utf-8", newline="") as file, open(out / "units.csv", "w", encoding="utf-8") as units:
        units.write("id,sector,subsector,region,department,size,turnover\n")
        for row in csv.DictReader(file):
            digits = "".join(c for c in row["id"] if c.isdigit())
            region = int("".join(c for c in row["region"] if c.isdigit()))
            subsector = f"{row['sector']}-{part(digits, 5, 1)}"
            department = f"{row['region']}-{part(digits, 8 if region <= 5 else 7, 2)}"
            sectors.add((subsector, row["sector"]))
            regions.add((department, row["region"]))
            units.write(f"{row['id']},{row['sector']},{subsector},{row['region']},{department},{row['size']},{row['turnover']}\n")
    write_links(out / "sector.csv", sectors)
    write_links(out / "region.csv", regions)


main()
