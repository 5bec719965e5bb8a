"""Who may do what: every route, crawled without a browser; users, sessions, forged requests, clients that trickle."""

import re
import socket
import time

import pytest

from console import Client, Console, page_files, routes
from server import REGION, free_port

HEADERS = {
    "content-security-policy": "default-src 'self'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
CHANGES = [(method, path) for method, path in routes() if method != "GET"]
OF_ONE_DATABASE = [(method, path) for method, path in routes() if "{database}" in path]


def concrete(path, database="_0000000000000000", user="nobody"):
    return path.replace("{database}", database).replace("{user}", user)


@pytest.fixture(scope="module")
def users(console, administrator):
    """Two users besides the administrator."""
    clients = []
    for name in ("anna", "ben"):
        status, made = administrator.send("POST", "/api/users", {"name": name})
        assert status == 200, made
        client = Client(console)
        assert client.log_in(name, made["password"])[0] == 200
        clients.append(client)
    return clients


@pytest.fixture(scope="module")
def annas(users, key):
    status, login = users[0].send(
        "POST", "/api/databases", {"access_key_id": key[0], "secret_access_key": key[1], "region": REGION}
    )
    assert status == 200, login
    return login["database"]


def assert_headers(headers):
    headers = dict(headers)
    for name, value in HEADERS.items():
        assert headers.get(name, "").startswith(value), (name, headers)
    assert "unsafe" not in headers["content-security-policy"] and "server" not in headers


@pytest.mark.parametrize("method, path", [*routes(), *(("GET", file) for file in page_files()), ("GET", "/nothing"), ("PUT", "/"), ("GET", "/%zz")])
def test_every_answer_has_the_headers(method, path, administrator, console):
    if path == "/api/logout":  # answered to somebody who is not logged in
        administrator = Client(console)
    assert_headers(Client(console).request(method, concrete(path))[1])
    if method == "GET":
        assert_headers(administrator.request(method, concrete(path), None, administrator.headers(method))[1])


FORGERIES = {
    "of another site": {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
    "of another port": {"Origin": "http://127.0.0.1:1"},
    "of no origin": {"Origin": None},
    "of a form": {"Content-Type": "application/x-www-form-urlencoded"},
    "without the token": {"X-CSRF-Token": None},
    "with a wrong token": {"X-CSRF-Token": "0" * 64},
    "of another user's token": {"X-CSRF-Token": "another"},
}


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.parametrize("method, path", CHANGES)
def test_a_forged_request_is_refused(method, path, forgery, users, administrator, console, annas):
    if path == "/api/login" and "token" in forgery:
        pytest.skip("before the login there is no token: the origin alone is checked")
    anna, ben = users
    changed = FORGERIES[forgery] | ({"X-CSRF-Token": ben.csrf_token} if "another user" in forgery else {})
    headers = {name: value for name, value in (anna.headers(method) | changed).items() if value is not None}
    status, answered, _ = anna.request(method, concrete(path, annas), {}, headers)
    assert status == 403
    assert_headers(answered)
    assert anna.send("GET", "/api/session")[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_name_that_is_not_ours_is_refused(host, administrator):
    for method, path in [("GET", "/"), ("GET", "/api/session"), ("POST", "/api/login")]:
        headers = administrator.headers(method) | {"Host": host, "Origin": f"http://{host}"}
        assert administrator.request(method, path, None, headers)[0] == 421


@pytest.mark.parametrize("method, path", [route for route in routes() if route[1] != "/api/login"])
def test_without_a_session_there_is_nothing(method, path, console):
    stranger = Client(console)
    assert stranger.send(method, concrete(path))[0] == 401
    stranger.cookie = f"iasql_{console.port}={'0' * 64}"
    assert stranger.send(method, concrete(path))[0] == 401


@pytest.mark.parametrize("method, path", OF_ONE_DATABASE)
def test_nobody_reaches_the_database_of_somebody_else(method, path, users, annas):
    _, ben = users
    other = ben.send(method, concrete(path, annas))
    none = ben.send(method, concrete(path))
    assert other == none and other[0] == 404


def test_users_see_their_own_databases_and_an_administrator_all(users, annas, administrator):
    anna, ben = users
    names = lambda client: {one["name"] for one in client.send("GET", "/api/databases")[1]["databases"]}
    assert names(anna) == {annas}
    assert names(ben) == set()
    assert annas in names(administrator)
    assert anna.send("GET", f"/api/databases/{annas}/modules")[0] == 200
    # What an administrator may do, a user may not.
    for method, path in [("GET", "/api/users"), ("POST", "/api/users"), ("DELETE", "/api/users/ben")]:
        assert anna.send(method, path)[0] == 403


def test_a_session_is_a_cookie_that_scripts_and_other_sites_do_not_get(administrator):
    assert re.fullmatch(r"iasql_\d+=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict", administrator.set_cookie)


def test_a_login_begins_another_session_and_ends_the_one_before(console, administrator):
    _, made = administrator.send("POST", "/api/users", {"name": "carl"})
    carl = Client(console)
    carl.log_in("carl", made["password"])
    before = carl.cookie
    carl.log_in("carl", made["password"])
    assert carl.cookie != before
    earlier = Client(console)
    earlier.cookie = before
    assert earlier.send("GET", "/api/session")[0] == 401
    assert carl.send("GET", "/api/session")[0] == 200
    assert administrator.send("DELETE", "/api/users/carl")[0] == 200
    assert carl.send("GET", "/api/session")[0] == 401


def test_passwords_are_changed_and_stored_as_argon2id(console, administrator, server):
    _, made = administrator.send("POST", "/api/users", {"name": "dora"})
    dora = Client(console)
    dora.log_in("dora", made["password"])
    assert dora.send("POST", "/api/password", {"former": made["password"], "password": "short"})[0] == 400
    assert dora.send("POST", "/api/password", {"former": "wrong", "password": "a longer password"})[0] == 422
    assert dora.send("POST", "/api/password", {"former": made["password"], "password": "a longer password"})[0] == 200
    assert dora.send("GET", "/api/session")[0] == 401  # every session that was there has ended
    assert Client(console).log_in("dora", made["password"])[0] == 401
    assert Client(console).log_in("dora", "a longer password")[0] == 200
    with server.superuser() as connection:
        hashes = [row[0] for row in connection.execute("SELECT password_hash FROM console_user")]
    assert hashes and all(one.startswith("$argon2id$v=19$m=65536,t=2,p=1$") for one in hashes)


def test_guessing_ends_at_the_sixth_attempt_whether_the_user_exists_or_not(server, aws):
    console = Console(server, aws.url)  # its own, for the limits are by address too
    try:
        for user in ("ben", "no such user"):
            answers = [Client(console).log_in(user, f"guess {number}") for number in range(6)]
            assert [status for status, _ in answers] == [401] * 5 + [429]
            assert {answer["error"]["message"] for _, answer in answers[:5]} == {"user or password is wrong"}
        # Twenty in a minute from one address, whoever is named.
        statuses = [Client(console).log_in(f"user {number}", "guess")[0] for number in range(12)]
        assert 429 in statuses
    finally:
        console.stop()


def test_beyond_loopback_there_is_no_console_without_tls(server):
    from server import CommandFailed

    with pytest.raises(CommandFailed, match="with TLS only"):
        server.iasql("console", "--address", "0.0.0.0", "--port", free_port())


def raw(console, sent, patience=40):
    """What comes back until the connection is closed, and the seconds that took."""
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", console.port), timeout=patience) as connection:
        connection.sendall(sent)
        received = b""
        while part := connection.recv(65536):
            received += part
    return received.decode(), time.monotonic() - begun


def test_what_is_too_long_is_not_read(console):
    head = f"POST /api/login HTTP/1.1\r\nHost: {console.host}\r\n".encode()
    for sent in (head + b"X: " + b"x" * 20_000 + b"\r\n\r\n", head + b"Content-Length: 10000000\r\n\r\n"):
        answer, _ = raw(console, sent)
        assert answer.startswith("HTTP/1.1 413") and "nosniff" in answer
    answer, _ = raw(console, b"nonsense\r\n\r\n")
    assert answer.startswith("HTTP/1.1 400") and "nosniff" in answer


def test_a_client_that_trickles_is_cut_off(console, administrator):
    """A byte now and then does not prolong the fifteen seconds that a request may take, and nobody else waits meanwhile."""
    with socket.create_connection(("127.0.0.1", console.port), timeout=1) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        begun = time.monotonic()
        while time.monotonic() - begun < 60:
            try:
                connection.sendall(b"X")
                if connection.recv(1) == b"":
                    break
            except TimeoutError:
                continue  # nothing came within a second: another byte
            except OSError:
                break
        else:
            raise AssertionError("the connection is still open")
        assert administrator.send("GET", "/api/session")[0] == 200
