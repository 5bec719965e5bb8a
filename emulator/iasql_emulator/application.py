"""The WSGI application: moto's, with corrections applied and services of our own added, one request at a time."""

import io
import json

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from iasql_emulator import corrections, passing_time
from iasql_emulator.services import ecr_public


def received(environ):
    """The request with its body read, so that a slow client keeps no other waiting."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdigit():
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(length)))
    return environ


def answer_delay(environ, start_response):
    """The delay of what AWS does by and by: GET gives its seconds, POST sets them, POST /emulator/delay/pass is as if it were
    over for what is under way."""
    status = "200 OK"
    if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == "/emulator/delay/pass":
        passing_time.pass_once()
    elif environ["REQUEST_METHOD"] == "POST":
        try:
            passing_time.set_delay(float(environ["wsgi.input"].read()))
        except ValueError:
            status = "400 Bad Request"
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps({"delay": passing_time.delay()}).encode()]


def make_application():
    corrections.install()
    ecr_public.install()
    moto = DomainDispatcherApplication(create_backend_app)

    def application(environ, start_response):
        environ = received(environ)
        path = environ.get("PATH_INFO", "")
        with passing_time.one_at_a_time:
            if path in ("/emulator/delay", "/emulator/delay/pass"):
                return answer_delay(environ, start_response)
            if path == "/moto-api/reset":
                passing_time.forget()
            passing_time.catch_up()
            return moto(environ, start_response)

    return application
