#!/usr/bin/env python3
"""import_rows.py REFERENCE ROWS: a CSV of organisations on standard output, the same each time: names and activities of words that
occur as often as words do (the n-th word 1/n times as often as the first), SIREN with their check digit, codes of the lists in the
directory REFERENCE. Two rows in three have an activity, of 29 words on average; one in five a contact with e-mail and telephone.
`line` counts the rows: the yardstick's table has it as its number."""
import csv
import itertools
import random
import re
import sys
from pathlib import Path

HEADER = ["line", "audience", "name", "type", "siren", "activity", "sector", "size", "headcount", "place", "strategic_sectors",
          "website", "contact", "email", "telephone"]
FORMS = ["SAS", "SARL", "SA", "SCOP", "et fils", "Industrie", "France", "Services", "Groupe", "Atelier"]


def rows_of(reference, scheme):
    with open(Path(reference) / f"{scheme}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def siren(number):
    body = f"{number:08}"
    double = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body))]
    return body + str(-sum(d - 9 * (d > 9) for d in double) % 10)


def syllables(draw):
    return "".join(draw.choices(["ba", "cor", "dé", "fle", "gra", "hi", "jo", "ka", "lor", "mé", "nu", "pri", "ros", "sa", "tho", "val"],
                                k=draw.randint(2, 4)))


class Drawer:
    def __init__(self, reference):
        self.draw = draw = random.Random(2026)
        labels = [row["label_fr"] for scheme in ("naf", "skill", "need_type", "csf") for row in rows_of(reference, scheme)]
        known = sorted({word for label in labels for word in re.findall(r"[^\W\d_]{2,}", label)})
        self.words = known + sorted({syllables(draw) for _ in range(30000)} - set(known))
        draw.shuffle(self.words)
        self.word_sums = list(itertools.accumulate(1 / (i + 1) for i in range(len(self.words))))
        self.communes = [row["code"] for row in rows_of(reference, "territory") if row["level"] == "commune"]
        self.commune_sums = list(itertools.accumulate(1 / (i + 10) for i in range(len(self.communes))))
        self.sectors = [row["code"] for row in rows_of(reference, "naf") if re.fullmatch(r"\d\d\.\d\d[A-Z]", row["code"])]
        self.strategic = [row["code"] for row in rows_of(reference, "csf")]
        self.sizes = [row["code"] for row in rows_of(reference, "size")]
        draw.shuffle(self.communes)

    def some(self, count):
        return " ".join(self.draw.choices(self.words, cum_weights=self.word_sums, k=count))

    def row(self, line):
        draw = self.draw
        share = draw.random
        name = f"{draw.choice(self.words).capitalize()} {syllables(draw).capitalize()} {draw.choice(FORMS)}"
        contact = f"{syllables(draw).capitalize()} {syllables(draw).upper()}" if share() < .2 else ""
        mail = re.sub(r"[^a-z.]", "", contact.lower().replace(" ", ".")) + "@exemple.fr" if contact else ""
        return [line, "public", name, "laboratory" if share() < .02 else "company", siren(20_000_000 + line * 7919 % 59_999_999),
                self.some(draw.randint(18, 40)) if share() < 2 / 3 else "", draw.choice(self.sectors), draw.choice(self.sizes),
                min(int(draw.paretovariate(.8)), 90_000) if share() < .9 else "",
                draw.choices(self.communes, cum_weights=self.commune_sums)[0],
                ";".join(draw.sample(self.strategic, 2)) if share() < .3 else "",
                f"https://www.exemple.fr/{line}" if share() < .3 else "", contact, mail,
                f"04 {line % 90 + 10} {line // 90 % 90 + 10} 00 00" if contact else ""]


def main(reference, rows):
    drawer = Drawer(reference)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(HEADER)
    out.writerows(drawer.row(line) for line in range(1, rows + 1))


main(sys.argv[1], int(sys.argv[2]))
