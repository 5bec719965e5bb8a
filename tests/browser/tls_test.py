"""Beyond loopback: TLS with a certificate that the test makes, in Chromium and with Python's own client; certificates that are
no good; HTTP where HTTPS is spoken."""

import http.client
import re
import socket
import ssl
import subprocess

import pytest

from console import Client, Console
from server import CommandFailed, free_port

NAME = "db.example.com"
EVER = ("20200101000000Z", "20990101000000Z")
PERIODS = {"good": EVER, "expired": ("20200101000000Z", "20200201000000Z"), "of-tomorrow": ("20980101000000Z", "20990101000000Z")}
CONFIGURATION = f"""
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = IP:127.0.0.1, DNS:localhost, DNS:{NAME}
"""


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """A folder with NAME.pem and NAME.key for each of PERIODS, and files that are no good."""
    folder = tmp_path_factory.mktemp("certificates")
    (folder / "configuration").write_text(CONFIGURATION)
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01\n")
    for name, (begin, end) in PERIODS.items():
        openssl(folder, "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.request")  # fmt: skip
        openssl(folder, "ca", "-batch", "-selfsign", "-notext", "-config", "configuration", "-startdate", begin,
                "-enddate", end, "-keyfile", f"{name}.key", "-in", f"{name}.request", "-out", f"{name}.pem")  # fmt: skip
    openssl(folder, "ec", "-in", "good.key", "-aes256", "-passout", "pass:secret", "-out", "passphrase.key")
    (folder / "nonsense.pem").write_text("no certificate\n")
    return folder


def options(certificates, certificate="good.pem", key="good.key"):
    return ["--certificate", certificates / certificate, "--certificate-key", certificates / key]


@pytest.fixture(scope="module")
def secure(server, aws, certificates, console):
    """A console with TLS on every address of this machine, beside the one without."""
    secure = Console(
        server, aws.url, "--address", "0.0.0.0", "--host-name", "127.0.0.1", "--host-name", NAME, *options(certificates),
        trusted=certificates / "good.pem",
    )  # fmt: skip
    secure.user, secure.password = console.user, console.password
    yield secure
    secure.stop()


@pytest.fixture(scope="module")
def client(secure):
    client = Client(secure)
    assert client.log_in(secure.user, secure.password)[0] == 200
    return client


def test_cookie_and_headers_hold_the_browser_to_tls(secure, client):
    assert re.fullmatch(
        rf"__Host-iasql_{secure.port}=[0-9a-f]{{64}}; Path=/; HttpOnly; SameSite=Strict; Secure", client.set_cookie
    )
    for path in ("/", "/page.js", "/api/session", "/nothing"):
        headers = dict(client.request("GET", path, None, client.headers("GET"))[1])
        assert headers["strict-transport-security"] == "max-age=31536000"
    assert client.send("GET", "/api/databases")[0] == 200


def test_without_tls_there_is_neither(console, administrator):
    headers = dict(administrator.request("GET", "/")[1])
    assert "strict-transport-security" not in headers
    assert "Secure" not in administrator.set_cookie and not administrator.set_cookie.startswith("__Host-")


def test_a_request_of_the_page_without_tls_is_forged(secure, client):
    headers = client.headers("POST") | {"Origin": f"http://{secure.host}"}
    assert client.request("POST", "/api/logout", {}, headers)[0] == 403
    assert client.send("GET", "/api/session")[0] == 200


@pytest.mark.parametrize("host, status", [(NAME, 200), ("evil.example.com", 421)])
def test_names_from_elsewhere(secure, client, host, status):
    assert client.request("GET", "/", None, {"Host": f"{host}:{secure.port}"})[0] == status


def context(certificates, version):
    context = ssl.create_default_context(cafile=certificates / "good.pem")
    context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")  # so that it is the server that refuses
    return context


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("version", ["TLSv1_3", "TLSv1_2", "TLSv1_1", "TLSv1"])
def test_versions_of_tls(version, secure, certificates):
    connection = http.client.HTTPSConnection(
        "127.0.0.1", secure.port, timeout=20, context=context(certificates, ssl.TLSVersion[version])
    )
    try:
        if version in ("TLSv1_3", "TLSv1_2"):
            connection.request("GET", "/")
            assert connection.getresponse().status == 200
        else:
            with pytest.raises(ssl.SSLError):
                connection.request("GET", "/")
    finally:
        connection.close()


def test_who_types_http_is_told_to_type_https(secure):
    connection = http.client.HTTPConnection("127.0.0.1", secure.port, timeout=20)
    connection.request("POST", "/api/login", body='{"user": "admin", "password": "sent in the clear"}')
    answer = connection.getresponse()
    content = answer.read().decode()
    connection.close()
    assert answer.status == 400 and "HTTPS only" in content and "https://" in content
    assert answer.getheader("Set-Cookie") is None


def test_who_says_nothing_or_nonsense_holds_nobody_up(secure, client):
    with socket.create_connection(("127.0.0.1", secure.port), timeout=20) as silent, \
            socket.create_connection(("127.0.0.1", secure.port), timeout=20) as garbling:  # fmt: skip
        garbling.sendall(b"\x16\x03\x01\x00\x05nonsense")
        while garbling.recv(1024):  # an alert perhaps, and then the end
            pass
        assert client.send("GET", "/api/session")[0] == 200
        silent.sendall(b"\x16")


def test_the_console_in_chromium_over_tls(chromium, secure, certificates, screenshot):
    trusting = chromium.new_context(base_url=secure.url, ignore_https_errors=True)
    try:
        page = trusting.new_page()
        problems = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto("/")
        page.get_by_label("User").fill(secure.user)
        page.get_by_label("Password").fill(secure.password)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", name="Connected accounts").wait_for()
        (cookie,) = trusting.cookies()
        assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Strict"
        assert cookie["name"].startswith("__Host-")
        page.reload()
        page.get_by_role("heading", name="Connected accounts").wait_for()
        assert problems == []
        screenshot(page, "tls")
    finally:
        trusting.close()
    # A browser that does not know the certificate shows nothing of the page.
    strict = chromium.new_context(base_url=secure.url)
    with pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"):
        strict.new_page().goto("/")
    strict.close()


NO_GOOD = {
    "no such certificate": (("nothing.pem", "good.key"), "there is no file .*nothing.pem"),
    "no such key": (("good.pem", "nothing.key"), "there is no file .*nothing.key"),
    "a folder": ((".", "good.key"), "cannot read|holds no certificate"),
    "no certificate": (("nonsense.pem", "good.key"), "nonsense.pem holds no certificate"),
    "no key": (("good.pem", "nonsense.pem"), "cannot use the key in .*nonsense.pem"),
    "files the wrong way round": (("good.key", "good.pem"), "good.key holds no certificate"),
    "another certificate's key": (("good.pem", "expired.key"), "expired.key is not that of the certificate in .*good.pem"),
    "a key with a passphrase": (("good.pem", "passphrase.key"), "cannot use the key in .*passphrase.key"),
    "expired": (("expired.pem", "expired.key"), "expired on Feb  1 00:00:00 2020 GMT"),
    "not good yet": (("of-tomorrow.pem", "of-tomorrow.key"), "is not good before Jan  1 00:00:00 2098 GMT"),
}


@pytest.mark.parametrize("case", NO_GOOD)
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_certificate_that_is_no_good_is_said_at_once(case, address, server, certificates):
    files, words = NO_GOOD[case]
    with pytest.raises(CommandFailed, match=words) as refused:
        server.iasql("console", "--address", address, "--port", free_port(), *options(certificates, *files))
    assert "PRIVATE KEY" not in str(refused.value)


@pytest.mark.parametrize("given", [["--certificate", "good.pem"], ["--certificate-key", "good.key"]])
def test_half_of_a_certificate(given, server, certificates):
    with pytest.raises(CommandFailed, match="a certificate needs its key"):
        server.iasql("console", "--port", free_port(), given[0], certificates / given[1])
