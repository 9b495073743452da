#!/usr/bin/env python3
"""import_needs.py PORT TOKEN STOP: files a need by the API every 50 ms until the file STOP exists; prints how long the answers took."""
import http.client
import json
import sys
import time
from pathlib import Path


def main(port, token, stop):
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def call(method, path, body=None):
        server.request(method, path, json.dumps(body) if body else None, headers)
        answer = server.getresponse()
        return answer.status, json.loads(answer.read())

    def need(company, title):
        return call("POST", "/api/v1/need", {"title": title, "company": company, "type": "people.recruitment"})

    # The organisation for which the account may write.
    companies = [item["id"] for item in call("GET", "/api/v1/organisation?limit=200")[1]["items"]]
    company = next(id for id in companies if need(id, "Deux soudeurs")[0] == 201)
    took, failed = [], 0
    while not Path(stop).exists():
        began = time.monotonic()
        status, answer = need(company, f"Deux soudeurs, demande {len(took)}")
        took.append(1000 * (time.monotonic() - began))
        failed += status != 201
        if failed == 1 and status != 201:
            print(answer)
        time.sleep(max(0, .05 - (time.monotonic() - began)))
    took.sort()
    if took:
        print(f"meanwhile {len(took)} needs saved, p50 {took[len(took) // 2]:.0f} ms, p99 {took[len(took) * 99 // 100]:.0f} ms, "
              f"longest {took[-1]:.0f} ms, {failed} refused")


main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
