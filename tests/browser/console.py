"""The console under test, beside a real server, as its own process; and a client that speaks to it without a browser."""

import http.client
import json
import os
import re
import ssl
import subprocess
import tempfile

from server import IASQL, SOURCE, CommandFailed, free_port

ROUTES = SOURCE / "src" / "console"


def routes():
    """(method, path) of every route that the sources add, {database} and {user} as they stand there."""
    found = set()
    for file in ROUTES.glob("*_routes.cpp"):
        text = file.read_text()
        found |= set(re.findall(r'\{\s*"(GET|POST|DELETE)",\s*"(/[^"]*[^"/])"', text))
        found |= {("GET", "/api/databases/{database}/" + name) for name in re.findall(r'\bview\("(\w+)"', text)}
    assert len(found) > 18, found
    return sorted(found)


def page_files():
    return ["/"] + sorted(f"/{file.name}" for file in (ROUTES / "page").iterdir() if file.name != "index.html")


class Console:
    """With more options perhaps; `trusted` is the certificate by which clients know it, where it has one; `program` another
    copy of the command and `user` another user to run it as. Raises CommandFailed where it does not start."""

    def __init__(self, server, endpoint_url, *options, trusted=None, program=IASQL, user=None, **environment):
        self.trusted = trusted
        self.port = free_port()
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [program, "console", "--data", str(server.data), "--port", str(self.port), *map(str, options)],
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            user=user,
            env={**os.environ, "AWS_ENDPOINT_URL": endpoint_url, **environment},
        )
        self.line = self.process.stdout.readline()
        if not self.line:
            self.process.wait(timeout=20)
            self.errors.seek(0)
            raise CommandFailed(self.process.returncode, "", self.errors.read())
        self.url = self.line.split()[0]
        self.scheme, self.host = self.url.rstrip("/").split("://")
        shown = re.search(r"user (\w+), password (\w+) \(not shown again\)", self.line)
        self.user, self.password = shown.groups() if shown else (None, None)

    def stop(self):
        self.process.terminate()
        assert self.process.wait(timeout=20) == 0


class Client:
    """Requests as the page sends them, or with parts left out."""

    def __init__(self, console):
        self.console, self.cookie, self.csrf_token = console, None, ""

    def connection(self):
        if not self.console.trusted:
            return http.client.HTTPConnection("127.0.0.1", self.console.port, timeout=60)
        context = ssl.create_default_context(cafile=self.console.trusted)
        return http.client.HTTPSConnection("127.0.0.1", self.console.port, timeout=60, context=context)

    def request(self, method, path, body=None, headers=None):
        """(status, headers in lower case, content)"""
        connection = self.connection()
        try:
            connection.request(method, path, body=None if body is None else json.dumps(body), headers=headers or {})
            answer = connection.getresponse()
            content = answer.read().decode()
            return answer.status, [(name.lower(), value) for name, value in answer.getheaders()], content
        finally:
            connection.close()

    def headers(self, method):
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if method != "GET":
            headers |= {
                "Origin": f"{self.console.scheme}://{self.console.host}",
                "Content-Type": "application/json",
                "X-CSRF-Token": self.csrf_token,
            }
        return headers

    def send(self, method, path, body=None):
        """(status, what the JSON says)"""
        status, _, content = self.request(method, path, {} if body is None and method != "GET" else body, self.headers(method))
        return status, json.loads(content)

    def log_in(self, user, password):
        status, headers, content = self.request(
            "POST", "/api/login", {"user": user, "password": password}, self.headers("POST")
        )
        if status == 200:
            self.set_cookie = dict(headers)["set-cookie"]
            self.cookie = self.set_cookie.split(";")[0]
            self.csrf_token = self.send("GET", "/api/session")[1]["csrf_token"]
        return status, json.loads(content)
