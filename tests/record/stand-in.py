#!/usr/bin/env python3
"""A service that takes requests by the interface of Conseillers-Entreprises, as its public description (OpenAPI, v1) gives it: for tests.

Prints its port. What it does with a request follows from the subject: see BEHAVIOUR. GET /received tells what came, identifiers included."""
import http.server
import json
import sys
import threading
import time

TOKEN = "right"
SUBJECTS = {101: "Recruter un ou plusieurs salariés", 102: "Sujet refusé", 103: "Sujet en panne une fois", 104: "Sujet lent",
            105: "Sujet surchargé une fois", 106: "Sujet qui raccroche", 107: "Sujet qui détourne", 108: "Sujet bavard"}
received, lock = [], threading.Lock()


def subject(number, title):
    questions = [{"id": 93, "key": "cadre", "position": 1, "question": "Recrutez-vous sur un poste d’ingénieur ?", "question_type": "boolean"},
                 {"id": 94, "key": "apprenti", "position": 2, "question": "Recrutez-vous un apprenti ?", "question_type": "boolean"}]
    return {"id": number, "title": title, "slug": f"sujet-{number}", "landing_id": 7, "requires_siret": True, "requires_location": False,
            "questions_additionnelles": questions if number == 101 else [], "institutions_partenaires": []}


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, **headers):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def is_known(self):
        return self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def do_GET(self):
        if self.path == "/received":
            with lock:
                return self.answer(200, received)
        if not self.is_known():
            return self.answer(401, {"error": "HTTP Token: Access denied."})
        if self.path != "/api/v1/landings/7/landing_subjects":
            return self.answer(404, {"errors": [{"source": "Page d’atterrissage", "message": "n’existe pas ou est invalide"}]})
        return self.answer(200, {"data": [subject(*one) for one in SUBJECTS.items()], "metadata": {"total_results": len(SUBJECTS)}})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.is_known():
            return self.answer(401, {"error": "HTTP Token: Access denied."})
        if self.path != "/api/v1/solicitations":
            return self.answer(404, {})
        request = json.loads(body).get("solicitation")
        identifier = self.headers.get("Idempotency-Key")
        with lock:
            before = [one for one in received if one["identifier"] == identifier]
            received.append({"identifier": identifier, "solicitation": request})
        return self.behave(request["landing_subject_id"], len(before), len(received))

    def behave(self, number, before, count):
        if number == 102:
            return self.answer(422, {"errors": [{"source": "SIRET", "message": "doit être un numéro à 14 chiffres valide"},
                                                {"source": "Questions additionnelles", "message": "doit être rempli(e)"}]})
        if number == 103 and not before:
            return self.answer(500, {"status": 500})
        if number == 104 and not before:
            time.sleep(2)
        if number == 105 and not before:
            return self.answer(503, {}, **{"Retry-After": "1"})
        if number == 106 and not before:
            self.close_connection = True
            return self.connection.close()
        if number == 107:
            return self.answer(302, {}, Location="http://127.0.0.1:9/elsewhere")
        if number == 108:
            return self.answer(200, {"data": {"solicitation_id": count, "long": "x" * 400000}})
        return self.answer(200, {"data": {"solicitation_id": 20 + count, "institutions_partenaires": [
            "Chambre de Commerce et d'Industrie (CCI)", "OPérateur de COmpétences (OPCO)"]}})


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)
