#!/usr/bin/env python3
"""The API Sirene 3.11 as its documentation gives it, on invented establishments: for tests. Prints its port.

GET /siret?q=dateDernierTraitementEtablissement:[MOMENT TO *]&nombre=N&curseur=C with the key in X-INSEE-Api-Key-Integration. Pages hold three at most; the
last one repeats its cursor. The second call is answered 429, to be made again in a second; nothing found is 404. GET /received tells what was
asked; POST /set replaces the establishments."""
import http.server
import json
import re
import threading
import urllib.parse

KEY, PAGE = "right", 3
establishments, received, lock = [], [], threading.Lock()
state = {"calls": 0, "busy_at": 2, "retry_after": "1"}


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, **headers):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json;charset=utf-8", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        with lock:
            establishments[:] = body["establishments"]
            state.update(calls=0, busy_at=body.get("busy_at", 2), retry_after=body.get("retry_after", "1"))
            received.clear()
        self.answer(200, {})

    def do_GET(self):
        path, _, query = self.path.partition("?")
        asked = dict(urllib.parse.parse_qsl(query))
        if path == "/received":
            return self.answer(200, received)
        if self.headers.get("X-INSEE-Api-Key-Integration") != KEY:
            return self.answer(401, {"header": {"statut": 401, "message": "Jeton d'accès invalide"}})
        if path != "/siret":
            return self.answer(404, {"header": {"statut": 404, "message": "Ressource inconnue"}})
        with lock:
            state["calls"] += 1
            received.append(asked)
            if state["calls"] == state["busy_at"]:
                return self.answer(429, {"header": {"statut": 429, "message": "Quota dépassé"}}, **{"Retry-After": state["retry_after"]})
        return self.search(asked)

    def search(self, asked):
        since = re.fullmatch(r"dateDernierTraitementEtablissement:\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d) TO \*\]", asked["q"])
        if not since or not 0 <= int(asked["nombre"]) <= 1000:
            return self.answer(400, {"header": {"statut": 400, "message": "Erreur de syntaxe dans le paramètre q"}})
        found = [one for one in establishments if one["dateDernierTraitementEtablissement"][:19] >= since[1]]
        if not found:
            return self.answer(404, {"header": {"statut": 404, "message": "Aucun élément trouvé"}})
        cursor = asked["curseur"]
        first = 0 if cursor == "*" else int(cursor.removeprefix("AoE="))
        page = found[first:first + min(PAGE, int(asked["nombre"]))]
        following = f"AoE={first + len(page)}" if page else cursor
        return self.answer(200, {"header": {"statut": 200, "message": "OK", "total": len(found), "debut": 0, "nombre": len(page), "curseur": cursor,
                                            "curseurSuivant": following}, "etablissements": page})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
print(server.server_address[1], flush=True)
server.serve_forever()
