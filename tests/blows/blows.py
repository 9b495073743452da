"""What the tests of this folder share: a small site on either engine, its server as a process to be hurt, a client of its API, and TAP."""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import traceback
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str(ROOT / os.environ.get("MAILLAGE", "build/maillage"))
SERVER = os.environ.get("MAILLAGE_TEST_POSTGRESQL")  # tests/run-with-postgresql sets it
BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
OFFICER, MEMBER, ADMINISTRATOR = ("charge@maillage.example", "entreprise@maillage.example", "administration@maillage.example")
PASSWORD = "demonstration-maillage"


class Tap:
    """Points of TAP. One that raises has failed, is explained, and the next one runs."""

    def __init__(self):
        self.count = self.failed = 0

    def point(self, name, action, *words):
        self.count += 1
        try:
            action(*words)
            print(f"ok {self.count} - {name}", flush=True)
        except Exception:  # whatever it is, the point has failed
            self.failed += 1
            print(f"not ok {self.count} - {name}")
            print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="", flush=True)

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}", flush=True)

    def end(self):
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0


def same(expected, got, more=""):
    if expected != got:
        raise AssertionError(f"expected {expected!r}, got {got!r} {more}")


def command(*words, code=0, env=None, **more):
    """Runs the program; its output (standard output and error together)."""
    done = subprocess.run([PROGRAM, *map(str, words)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={**os.environ, **(env or {})}, timeout=300, **more)
    if code is not None and done.returncode != code:
        raise AssertionError(f"{' '.join(map(str, words))}: exit code {done.returncode}, not {code}\n{done.stdout}")
    return done.stdout


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def sql_server(text, database="postgres"):
    address = f"{SERVER.rsplit('/', 1)[0]}/{database}"
    return subprocess.run([BIN / "psql", "-qAtX", address, "-v", "ON_ERROR_STOP=1", "-c", text], check=True, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout.strip()


class Folder:
    """A folder that is gone afterwards."""

    def __init__(self, name):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix=f"maillage-{name}-"))

    def __enter__(self):
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


class Base:
    """A demonstration made once, from which each test takes a copy; on PostgreSQL, a database that is a template."""

    def __init__(self, folder, engine="sqlite", companies=60, needs=30):
        self.folder, self.engine, self.number = folder, engine, 0
        self.name = f"blows_{os.getpid()}"
        self.address = str(folder / "base.db") if engine == "sqlite" else self.make_database(self.name)
        command("reference", "--db", self.address, "--directory", "build/reference")
        command("demo", "--db", self.address, "--companies", companies, "--needs", needs)
        self.token = command("user", "token", "--db", self.address, "--email", OFFICER, "--name", "Essai", "--write").split()[-1]
        accounts = command("user", "list", "--db", self.address)
        self.company = next(line for line in accounts.splitlines() if MEMBER in line).split("member@")[1].split()[0]

    @staticmethod
    def make_database(name, template="template0"):
        sql_server(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        return f"{SERVER.rsplit('/', 1)[0]}/{name}"

    def copy(self):
        """The address of a fresh copy."""
        self.number += 1
        if self.engine == "postgresql":
            return self.make_database(f"{self.name}_{self.number}", self.name)
        folder = self.folder / str(self.number)
        folder.mkdir()
        shutil.copyfile(self.address, folder / "site.db")
        return str(folder / "site.db")

    def drop(self, address):
        if self.engine == "postgresql":
            sql_server(f"DROP DATABASE IF EXISTS {address.rsplit('/', 1)[1]} WITH (FORCE)")
        else:
            shutil.rmtree(pathlib.Path(address).parent, ignore_errors=True)

    def end(self):
        if self.engine == "postgresql":
            for number in range(self.number + 1):
                self.drop(f"/{self.name}_{number}" if number else f"/{self.name}")


class Site:
    """`maillage serve` on an address, as a process of its own."""

    def __init__(self, address, *words, env=None, port=None, before=(), preexec=None):
        self.address, self.words, self.env = address, words, env
        self.port = port or free_port()
        self.before, self.preexec = before, preexec
        self.start()

    def start(self):
        self.said = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [*self.before, PROGRAM, "serve", "--db", self.address, "--listen", f"127.0.0.1:{self.port}", "--quiet", *self.words],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.said,
            env={**os.environ, **(self.env or {})}, preexec_fn=self.preexec)
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise AssertionError(f"the server did not start ({self.process.returncode}): {self.errors()}")
        return self

    def errors(self):
        self.said.seek(0)
        return self.said.read()

    def kill(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        self.process.wait()
        self.process.stdout.close()
        return self.process.returncode

    def stop(self):
        return self.kill(signal.SIGTERM)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()


class Client:
    """Calls the API with a token, on one connection, opened again when it broke. Whoever answered 201 or 200 has promised."""

    def __init__(self, port, token=None, timeout=20):
        self.port, self.token, self.timeout, self.line = port, token, timeout, None

    def ask(self, method, path, body=None, headers=()):
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        sent = dict(headers)
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if isinstance(body, (dict, list)):
            body, sent["Content-Type"] = json.dumps(body), "application/json"
        try:
            self.line.request(method, path, body, sent)
            answer = self.line.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        return answer, text

    def close(self):
        if self.line:
            self.line.close()
        self.line = None

    def create(self, kind, record):
        """The number of the new record, once it was acknowledged. Who writes faster than one account may waits as it is told."""
        answer, text = self.ask("POST", f"/api/v1/{kind}", record)
        while answer.status == 429:
            time.sleep(min(1, int(answer.getheader("Retry-After"))))
            answer, text = self.ask("POST", f"/api/v1/{kind}", record)
        if answer.status != 201:
            raise AssertionError(f"{answer.status}: {text[:300]}")
        return json.loads(text)["id"]


def need(base, title):
    return {"title": title, "company": base.company, "type": "people", "audience": "public"}


def titles(address, like):
    """What the database holds, read by the engine's own tool."""
    query = f"SELECT id, title FROM need WHERE title LIKE '{like}%'"
    if "://" in address:
        text = sql_server(query, address.rsplit("/", 1)[1])
    else:
        text = subprocess.run(["sqlite3", "-cmd", ".timeout 5000", address, query], check=True, text=True, stdout=subprocess.PIPE).stdout
    return dict(line.split("|", 1) for line in text.splitlines())


def check(address, *words):
    said = command("check", "--db", address, *words)
    if "all is as it should be" not in said:
        raise AssertionError(said)
    return said


def wait_for(condition, seconds=10, what="it"):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        got = condition()
        if got:
            return got
        time.sleep(0.02)
    raise AssertionError(f"{what} did not happen within {seconds} s")


class Person:
    """Someone with a browser without script: cookies, forms."""

    def __init__(self, port):
        self.port, self.cookies = port, {}

    def ask(self, method, path, body=None, headers=()):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                "Origin": f"http://127.0.0.1:{self.port}", **dict(headers)}
        line.request(method, path, body, sent)
        answer = line.getresponse()
        text = answer.read().decode("utf-8", "replace")
        line.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, kept = value.split(";")[0].split("=", 1)
                self.cookies[key] = kept
        return answer, text

    def secret(self, page):
        """What the form of that page carries against requests forged elsewhere."""
        text = self.ask("GET", page)[1]
        return re.search(r'name="csrf" value="([^"]+)"', text).group(1)

    def post(self, path, fields, on=None):
        fields = {"csrf": self.secret(on or path), **fields}
        return self.ask("POST", path, urllib.parse.urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})

    def post_file(self, path, name, content):
        parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
                        for key, value in (("csrf", self.secret(path)),))
        parts += f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = parts.encode() + content + b"\r\n--x--\r\n"
        return self.ask("POST", path, body, {"Content-Type": "multipart/form-data; boundary=x"})

    def sign_in(self, email, password=PASSWORD):
        answer, text = self.post("/fr/sign-in", {"email": email, "password": password})
        same(303, answer.status, text[:300])
        return self
