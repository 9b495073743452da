#!/usr/bin/env python3
"""survey_population.py DIR MAILLAGE: a register of 1,000,000 companies (sector 20 x size 5 x region 13) and a stratified sample
of about 100,000 drawn by permanent random numbers, allocated by maillage survey allocate.
Writes DIR/strata.csv, sample.csv, margins.csv and small.csv (one unit in ten)."""
import csv
import math
import pathlib
import random
import subprocess
import sys
from collections import defaultdict

SECTORS = [2.5, .3, 5, .8, .6, 13, 17, 3.5, 7, 4, 3.2, 6, 15, 5, .5, 3.6, 6, 3, 3.5, .5]
REGIONS = [21, 12.5, 9.5, 9, 8.5, 9.5, 9, 5, 4.5, 4.2, 4, 3.6, .7]
SIZES = [.70, .245, .045, .0082, .0018]
COMPANIES, SAMPLE = 1_000_000, 100_000


def companies(draw):
    """sector, size, region, turnover (thousands of euros), opinion, investment, permanent random number."""
    sectors, sizes, regions = (draw.choices(range(len(w)), w, k=COMPANIES) for w in (SECTORS, SIZES, REGIONS))
    mean, spread = [4.0, 5.6, 7.4, 9.2, 11.4], [1.2, 1.0, .9, .9, 1.1]
    for i in range(COMPANIES):
        s, z = sectors[i], sizes[i]
        turnover = round(math.exp(mean[z] + s / 19 - .5 + spread[z] * draw.gauss(0, 1)), 1)
        mood = .15 * math.log(turnover + 1) - .9 + draw.gauss(0, 1)
        invest = round(turnover * .06 * math.exp(draw.gauss(0, 1)), 1) if draw.random() < .35 + .12 * (z + 1) else 0
        yield f"S{s + 1:02}", f"T{z + 1}", f"R{regions[i] + 1:02}", turnover, (mood > .6) - (mood < -.5), invest, draw.random()


def deviation(values):
    mean = sum(values) / len(values)
    return math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1)) if len(values) > 1 else 0


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def margins_of(register):
    cells, regions, turnovers = defaultdict(int), defaultdict(int), defaultdict(float)
    for sector, size, region, turnover, *_ in register:
        cells[f"{sector}*{size}"] += 1
        regions[region] += 1
        turnovers[sector] += turnover
    yield from (("sector*size", k, cells[k]) for k in sorted(cells))
    yield from (("region", k, regions[k]) for k in sorted(regions))
    yield from (("turnover@sector", k, repr(turnovers[k])) for k in sorted(turnovers))


def main():
    folder, maillage = pathlib.Path(sys.argv[1]), sys.argv[2]
    register = list(companies(random.Random(20261122)))
    strata = defaultdict(list)
    for i, company in enumerate(register):
        strata[".".join(company[:3])].append(i)
    # Half by spread, half by number: Neyman alone would leave the small companies aside.
    spread = {h: deviation([register[i][3] for i in units]) for h, units in strata.items()}
    whole = sum(len(units) * spread[h] for h, units in strata.items()) / COMPANIES
    write(folder / "strata.csv", ["stratum", "N", "sd"], ((h, len(strata[h]), spread[h] + whole) for h in sorted(strata)))
    subprocess.run([maillage, "survey", "allocate", "--strata", folder / "strata.csv", "--total", str(SAMPLE), "--min", "3",
                    "--out", folder / "sizes.csv"], check=True)
    with open(folder / "sizes.csv", encoding="utf-8", newline="") as file:
        size = {row["stratum"]: int(row["n"]) for row in csv.DictReader(file)}
    chosen = {i: h for h, units in strata.items() for i in sorted(units, key=lambda i: register[i][6])[:size[h]]}
    rows = []
    for i in sorted(chosen):
        h = chosen[i]
        sector, zone, region, turnover, opinion, invest, _ = register[i]
        weight = len(strata[h]) / size[h]
        tilt = 1 if weight == 1 else 1 + .15 * math.sin(int(sector[1:]) + 2 * int(region[1:]))
        rows.append((i + 1, sector, zone, region, turnover, opinion, invest, h, len(strata[h]), repr(weight * tilt)))
    write(folder / "sample.csv", ["id", "sector", "size", "region", "turnover", "opinion", "invest", "stratum", "Nh", "d"], rows)
    write(folder / "margins.csv", ["variable", "category", "total"], margins_of(register))


main()
