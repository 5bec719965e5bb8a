"""A fault-injecting HTTP proxy between the extension and the emulator.

The extension's endpoint_url points at it. Every request is recorded and forwarded to the emulator unless a fault is planned
for its operation; a fault is a function that is given the Exchange and decides what becomes of it:

    proxy.on("CreateRepository", lose_response)              # the next one only
    proxy.on("DescribeVpcs", status(503), times=FOREVER)
    proxy.on("CreateVpc", throttle(), after=1, times=2)      # the second and third one
    pause = proxy.pause("CreateRepository", Moment.response) # hold it until pause.release()
    pause.reached()                                          # waits until a request is held

Sockets are handled here rather than by http.server because half of the faults are about connections. Every connection
carries one exchange and is then closed, as moto does.
"""

import enum
import http.client
import json
import re
import socket
import struct
import threading
import time
import urllib.parse
import xml.etree.ElementTree
from dataclasses import dataclass, field

FOREVER = 1_000_000_000
PATIENCE = 60  # seconds a test waits for something that must happen


class Moment(enum.Enum):
    request = "request"  # before it is forwarded: AWS has not seen it
    response = "response"  # after AWS carried it out, before the client learns of it


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes


@dataclass
class Call:
    """One request as it arrived. `status` is what the client was answered, None when it was answered nothing (yet)."""

    operation: str
    service: str
    region: str
    time: float
    body: bytes
    status: int | None = None
    fault: str | None = None

    def parameter(self, name):
        """A parameter of the request: a form's first value, or a member of a JSON object; None where there is none."""
        try:
            return json.loads(self.body).get(name)
        except ValueError:
            return dict(urllib.parse.parse_qsl(self.body.decode())).get(name)


@dataclass
class Exchange:
    """A request on its connection, and what can be done with it."""

    call: Call
    method: str
    path: str
    headers: dict
    connection: socket.socket
    proxy: "Proxy"

    def forward(self, body=None):
        """Has the emulator carry out the request, with another body if one is given. Gives its Answer."""
        upstream = http.client.HTTPConnection(self.proxy.upstream.hostname, self.proxy.upstream.port, timeout=PATIENCE)
        try:
            body = self.call.body if body is None else body
            unwanted = ("content-length", "connection", "accept-encoding", "expect", "transfer-encoding")
            headers = {name: value for name, value in self.headers.items() if name.lower() not in unwanted}
            upstream.request(self.method, self.path, body=body, headers=headers)
            response = upstream.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            upstream.close()

    def send(self, answer, length=None):
        """Answers the client. With `length` the headers promise that many bytes of body, whatever is sent."""
        lines = [f"HTTP/1.1 {answer.status} {http.client.responses.get(answer.status, 'Unknown')}"]
        unwanted = ("content-length", "connection", "transfer-encoding")
        lines += [f"{name}: {value}" for name, value in answer.headers.items() if name.lower() not in unwanted]
        lines += [f"Content-Length: {len(answer.body) if length is None else length}", "Connection: close", "", ""]
        self.call.status = answer.status
        self.connection.sendall("\r\n".join(lines).encode("latin-1") + answer.body)

    def reset(self):
        """Ends the connection with a RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


# -- faults


def lose_response(exchange):
    """AWS carries the request out; the connection ends before a byte of the answer."""
    exchange.forward()
    exchange.reset()


def drop_request(exchange):
    """The request is read and thrown away; the connection ends."""
    exchange.reset()


def truncate(length):
    """The answer's body ends after `length` bytes, fewer than its headers promise."""

    def truncated(exchange):
        answer = exchange.forward()
        exchange.send(Answer(answer.status, answer.headers, answer.body[:length]), length=len(answer.body))

    return truncated


def garble(at):
    """The answer is complete, but from byte `at` on it is nonsense."""

    def garbled(exchange):
        answer = exchange.forward()
        exchange.send(Answer(answer.status, answer.headers, answer.body[:at] + b"\x00\xff<{" * 8))

    return garbled


def error(code, message="injected", status_code=400):
    """AWS's refusal, in the form of the request's protocol. Nothing is carried out."""

    def refused(exchange):
        if exchange.call.service == "ec2":
            kind, body = "text/xml", (
                f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
                "<RequestID>injected-request-id</RequestID></Response>"
            )
        elif b"Action=" in exchange.call.body:
            kind, body = "text/xml", (
                f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
                "<RequestId>injected-request-id</RequestId></ErrorResponse>"
            )
        else:
            kind, body = "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
        headers = {"Content-Type": kind, "x-amzn-RequestId": "injected-request-id"}
        exchange.send(Answer(status_code, headers, body.encode()))

    return refused


def throttle(code="ThrottlingException"):
    return error(code, "Rate exceeded", 400)


def status(number, body=b"", kind="text/plain"):
    """A bare HTTP status. Nothing is carried out."""
    return lambda exchange: exchange.send(Answer(number, {"Content-Type": kind}, body))


def html_500(exchange):
    """What moto answers to an operation that it does not implement."""
    page = b"<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n"
    exchange.send(Answer(500, {"Content-Type": "text/html; charset=utf-8"}, page))


def replay(answer):
    """An earlier answer once more: a stale view. Get one with Proxy.capture()."""
    return lambda exchange: exchange.send(answer)


class Pages(enum.Enum):
    one_item = "one item on each page"
    empty_first = "an empty page with a token, then everything"
    same_token = "every page gives the same token"
    expired_token = "the second page is refused"


def paginate(pages, items, token="nextToken"):
    """Cuts a listing into pages. `items` names the list: an output member of a JSON service, or the element that holds
    EC2's items ("vpcSet"). `token` is the JSON member; EC2's are NextToken and nextToken.
    """

    def paged(exchange):
        ec2 = exchange.call.service == "ec2"
        asked = exchange.call.parameter("NextToken" if ec2 else token)
        if asked and pages is Pages.expired_token:
            return error("InvalidNextToken" if ec2 else "InvalidParameterException", "The token has expired.")(exchange)
        answer = exchange.forward(without_paging(exchange.call.body, ec2, token))
        if answer.status != 200:
            return exchange.send(answer)
        start = int(asked.removeprefix("page-")) if asked else 0
        rest, following = slice(start, None), None
        if pages is Pages.empty_first and not asked:
            rest, following = slice(0, 0), "page-0"
        elif pages is Pages.same_token:
            rest, following = slice(start, None), "page-0"
        elif pages in (Pages.one_item, Pages.expired_token):
            rest, following = slice(start, start + 1), f"page-{start + 1}"
        cut = cut_xml if ec2 else cut_json
        return exchange.send(Answer(200, answer.headers, cut(answer.body, items, token, rest, following)))

    return paged


def without_paging(body, ec2, token):
    if ec2:
        form = urllib.parse.parse_qsl(body.decode(), keep_blank_values=True)
        return urllib.parse.urlencode([pair for pair in form if pair[0] not in ("NextToken", "MaxResults")]).encode()
    members = json.loads(body or b"{}")
    return json.dumps({name: value for name, value in members.items() if name not in (token, "limit", "maxResults")}).encode()


def cut_json(body, items, token, rest, following):
    members = json.loads(body)
    last = rest.stop is not None and rest.stop >= len(members[items])
    members[items] = members[items][rest]
    members.pop(token, None)
    if following and not (last and following != "page-0"):
        members[token] = following
    return json.dumps(members).encode()


def cut_xml(body, items, _token, rest, following):
    root = xml.etree.ElementTree.fromstring(body)
    namespace = re.match(r"\{[^}]*\}", root.tag)
    namespace = namespace.group() if namespace else ""
    listing = root.find(f"{namespace}{items}")
    everything = list(listing)
    kept = everything[rest]
    for item in everything:
        if item not in kept:
            listing.remove(item)
    for element in root.findall(f"{namespace}nextToken"):
        root.remove(element)
    last = rest.stop is not None and rest.stop >= len(everything)
    if following and not (last and following != "page-0"):
        xml.etree.ElementTree.SubElement(root, f"{namespace}nextToken").text = following
    return xml.etree.ElementTree.tostring(root)


class Pause:
    """Holds a request, or its response, until release()."""

    def __init__(self, moment):
        self._moment = moment
        self._held, self._released = threading.Event(), threading.Event()

    def __call__(self, exchange):
        answer = exchange.forward() if self._moment is Moment.response else None
        self._held.set()
        self._released.wait(PATIENCE)
        try:
            exchange.send(answer or exchange.forward())
        except OSError:
            pass  # the client did not wait: that is what the test is about

    def reached(self, patience=PATIENCE):
        """Waits until a request is held; fails when none is within `patience` seconds."""
        assert self._held.wait(patience), "no such request arrived"

    def release(self):
        self._released.set()


@dataclass
class Plan:
    operation: str | None  # None: any
    fault: object
    after: int
    times: int
    region: str | None
    seen: int = 0

    def takes(self, call):
        if self.operation not in (None, call.operation) or self.region not in (None, call.region):
            return False
        self.seen += 1
        return self.after < self.seen <= self.after + self.times


@dataclass
class Proxy:
    upstream_url: str
    calls: list = field(default_factory=list)

    def __post_init__(self):
        self.upstream = urllib.parse.urlsplit(self.upstream_url)
        self._lock = threading.Lock()
        self._plans, self._pauses, self._resets, self._serving = [], [], 0, 0
        self._port, self._listener = 0, None
        self._listen()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._port}"

    def on(self, operation, fault, *, times=1, after=0, region=None):
        """Plans a fault for calls of that operation (None: of any), for `times` of them after the first `after`. Where
        several plans fit, the newest is taken."""
        with self._lock:
            self._plans.insert(0, Plan(operation, fault, after, times, region))

    def pause(self, operation, moment, **which):
        pause = Pause(moment)
        self._pauses.append(pause)
        self.on(operation, pause, **which)
        return pause

    def reset_connections(self, times=1):
        """The next connections are ended with a RST before anything is read from them."""
        with self._lock:
            self._resets += times

    def capture(self, operation, *, region=None):
        """A list that the operation's next answer is put into, for replay(). Name the region where two services share
        an operation's name: ECR Public is called in us-east-1 only."""
        captured = []

        def forward_and_keep(exchange):
            captured.append(exchange.forward())
            exchange.send(captured[0])

        self.on(operation, forward_and_keep, region=region)
        return captured

    def count(self, operation=None, *, since=0):
        """Calls of that operation, or of any; `since` skips that many from the start of `calls`."""
        return sum(operation in (None, call.operation) for call in self.calls[since:])

    def is_idle(self):
        """Whether nothing is under way any more, also for clients that have gone."""
        with self._lock:
            return self._serving == 0

    def clear(self):
        """Forgets plans and calls and lets go of whatever is held."""
        with self._lock:
            self._plans.clear()
            self._resets = 0
            self.calls.clear()
        for pause in self._pauses:
            pause.release()
        self._pauses.clear()

    def down(self):
        """Connections are refused from now on, until up()."""
        listener, self._listener = self._listener, None
        if listener:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def up(self):
        """Listens again, on the same port."""
        if self._listener is None:
            self._listen()

    def stop(self):
        self.clear()
        self.down()

    def _listen(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        listener.listen(128)
        self._port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # closed
            with self._lock:
                self._serving += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                self._exchange(connection)
            except OSError:
                pass  # the client went away
            finally:
                with self._lock:
                    self._serving -= 1

    def _exchange(self, connection):
        with self._lock:
            reset = self._resets > 0
            self._resets -= reset
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        exchange = self._read(connection)
        if exchange is None:
            return
        with self._lock:
            self.calls.append(exchange.call)
            plan = next((plan for plan in self._plans if plan.takes(exchange.call)), None)
        if plan is None:
            exchange.send(exchange.forward())
            return
        exchange.call.fault = getattr(plan.fault, "__name__", type(plan.fault).__name__)
        plan.fault(exchange)

    def _read(self, connection):
        """The request, or None when the client sent none."""
        received = connection.makefile("rb")
        first = received.readline().decode("latin-1").split()
        if len(first) != 3:
            return None
        headers = http.client.parse_headers(received)
        if headers.get("Expect", "").lower() == "100-continue":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = received.read(int(headers.get("Content-Length", 0)))
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", headers.get("Authorization", ""))
        region, service = scope.groups() if scope else ("", "")
        target = headers.get("X-Amz-Target")
        action = re.search(rb"(?:^|&)Action=([A-Za-z0-9]+)", body)
        operation = target.rpartition(".")[2] if target else action.group(1).decode() if action else first[0] + " " + first[1]
        call = Call(operation, service, region, time.monotonic(), body)
        return Exchange(call, first[0], first[1], dict(headers.items()), connection, self)
