"""A signature is of the bytes that were sent. moto writes a form anew, a blank as +, and compares with the signature of that."""

import io

import flask
from moto.iam.access_control import IAMRequestBase

from iasql_emulator.corrections import around


@around(IAMRequestBase, "_create_aws_request")
def of_what_was_sent(create, iam_request):
    signed = create(iam_request)
    received = flask.request.environ["wsgi.input"]
    if isinstance(received, io.BytesIO):
        signed.data = received.getvalue()
    return signed
