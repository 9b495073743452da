#!/usr/bin/env python3
"""What bench/records.sh asks of the site.

records.py queries DATABASE FOLDER   writes api.txt and pages.txt: addresses of searches, drawn from the records themselves
records.py session ADDRESS           signs the demonstration's officer in; prints the cookie
records.py first ADDRESS FILE        the first 100 answers after a start, one after the other: the first, the median, the two slowest
records.py median ADDRESS PATH...    the median and slowest of 20 answers to each address
"""
import csv
import http.client
import io
import random
import re
import subprocess
import sys
import time
import unicodedata
import urllib.parse

QUERIES, RECORDS, SEED = 4000, 8000, 20261125
OFFICER, PASSWORD = "charge@maillage.example", "demonstration-maillage"
FACETS = {"organisation": "type,sector,size,place", "need": "state,type,sector,place"}
PAGES = {"organisation": "/fr/organisations", "need": "/fr/needs"}


def rows_of(database, sql):
    if database.startswith("postgresql:"):
        command = ["psql", "-X", "-q", "--csv", "-t", database, "-c", sql]
    else:
        command = ["sqlite3", "-readonly", "-csv", database, sql]
    return list(csv.reader(io.StringIO(subprocess.run(command, check=True, capture_output=True, text=True).stdout)))


def sample(database, kind, text):
    """Every n-th record: its text and what it may be filtered by."""
    count = int(rows_of(database, f"SELECT COUNT(*) FROM {kind}")[0][0])
    step = max(1, count // RECORDS)
    columns = ", ".join(f"COALESCE({name}, '')" for name in ("region", "departement", "sector", "size", "type"))
    return rows_of(database, f"SELECT {text}, {columns} FROM {kind} WHERE slot % {step} = 0 ORDER BY slot")


def words_of(text):
    plain = unicodedata.normalize("NFD", text.lower())
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


def draw_words(chance, records):
    """A word of a record drawn at random: so each word comes as often as it stands in the texts."""
    word = lambda: chance.choice(words_of(chance.choice(records)[0]))
    way = chance.random()
    if way < 0.45:
        return word()
    if way < 0.70:
        words = words_of(chance.choice(records)[0])
        return " ".join(chance.sample(words, min(2, len(words))))
    if way < 0.80:
        return word() + " " + word()
    return word()[: chance.randint(3, 5)]


def draw_filters(chance, records):
    """Filters by the values of a record drawn at random; none for two searches in five."""
    region, departement, sector, size, kind = chance.choice(records)[1:6]
    offered = [("place", region), ("place", departement), ("sector", sector[:2]), ("size", size), ("type", kind)]
    number = chance.choices([0, 1, 2], [40, 45, 15])[0]
    return [filter for filter in chance.sample(offered, number) if filter[1]]


def write_queries(database, folder):
    chance = random.Random(SEED)
    records = {"organisation": sample(database, "organisation", "name"),
               "need": sample(database, "need", "title || ' ' || COALESCE(description, '')")}
    api, pages = open(f"{folder}/api.txt", "w"), open(f"{folder}/pages.txt", "w")
    for _ in range(QUERIES):
        kind = "organisation" if chance.random() < 0.8 else "need"
        query = [("q", draw_words(chance, records[kind]))] + draw_filters(chance, records[kind])
        text = urllib.parse.urlencode(query)
        print(f"/api/v1/{kind}?limit=10&facets={FACETS[kind]}&{text}", file=api)
        print(f"{PAGES[kind]}?{text}", file=pages)


def connect(address):
    return http.client.HTTPConnection(address, timeout=30)


def get(connection, path, headers={}):
    began = time.perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    took = (time.perf_counter() - began) * 1000
    if answer.status != 200:
        sys.exit(f"{path}: {answer.status}")
    return took, answer, body


def session(address):
    connection = connect(address)
    _, answer, body = get(connection, "/fr/sign-in")
    cookie = answer.getheader("Set-Cookie").split(";")[0]
    token = re.search(r'name="csrf" value="([^"]+)"', body.decode())[1]
    form = urllib.parse.urlencode({"csrf": token, "email": OFFICER, "password": PASSWORD})
    connection.request("POST", "/fr/sign-in", form, {"Cookie": cookie, "Origin": f"http://{address}",
                                                     "Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    answer.read()
    cookies = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    print("; ".join(cookie for cookie in cookies if not cookie.endswith("=")))


def first(address, path):
    connection = connect(address)
    taken = [get(connection, line.strip())[0] for line in open(path).readlines()[:100]]
    ordered = sorted(taken)
    print(f"the first {taken[0]:.1f} ms, median {ordered[50]:.1f} ms, p99 {ordered[98]:.1f} ms, slowest {ordered[99]:.1f} ms")


def median(address, paths):
    connection = connect(address)
    for path in paths:
        taken = [get(connection, path)[0] for _ in range(21)]
        ordered = sorted(taken[1:])
        print(f"{path}: median {ordered[10]:.1f} ms, slowest {ordered[-1]:.1f} ms, the first time {taken[0]:.1f} ms")


command, *arguments = sys.argv[1:]
{"queries": lambda: write_queries(*arguments), "session": lambda: session(*arguments),
 "first": lambda: first(*arguments), "median": lambda: median(arguments[0], arguments[1:])}[command]()
