#!/usr/bin/python3
"""tests/mail/server.py FOLDER [--tls CERTIFICATE KEY] [--user NAME PASSWORD]: an SMTP server (aiosmtpd) for the tests. Prints its port. Each letter
that it takes becomes FOLDER/N.json, as Python's own parser reads it. Recipients that begin with "no-" are refused for good, with "later-" for
now, with "cut-" the connection is cut in the middle."""
import asyncio
import email
import email.policy
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

ADDRESS = "127.0.0.1"


class Box:
    def __init__(self, folder):
        self.folder, self.count = folder, 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("no-"):
            return "550 No such person here"
        if address.startswith("later-"):
            return "451 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("cut-"):
            server.transport.abort()
            return "421 gone"
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        read = {name.lower(): str(value) for name, value in letter.items()}
        read["body"] = letter.get_content().replace("\r\n", "\n")
        read["defects"] = [str(defect) for defect in letter.defects]
        read["longest"] = max(len(line) for line in envelope.content.split(b"\r\n"))
        read["bare"] = envelope.content.replace(b"\r\n", b"").count(b"\n") + envelope.content.replace(b"\r\n", b"").count(b"\r")
        read["rcpt"], read["mail_from"], read["tls"] = envelope.rcpt_tos, envelope.mail_from, session.ssl is not None
        path = self.folder / f"{self.count}.json"
        path.with_suffix(".part").write_text(json.dumps(read, ensure_ascii=False))
        path.with_suffix(".part").rename(path)
        self.count += 1
        return "250 taken"


def settings(words):
    options = {}
    if "--tls" in words:
        at = words.index("--tls")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(words[at + 1], words[at + 2])
        options.update(tls_context=context, require_starttls=True)
    if "--user" in words:
        at = words.index("--user")
        wanted = tuple(word.encode() for word in words[at + 1:at + 3])

        def judge(server, session, envelope, mechanism, data):
            return AuthResult(success=(data.login, data.password) == wanted)

        options.update(authenticator=judge, auth_required=True, auth_require_tls=True)
    return options


async def main(folder, *words):
    box, options = Box(pathlib.Path(folder)), settings(words)
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box, **options), ADDRESS, 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
