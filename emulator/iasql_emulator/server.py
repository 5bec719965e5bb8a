"""Starts the emulator: a threaded server on loopback, warmed up before it says that it is ready."""

import argparse
import ctypes
import logging
import os
import signal
import sys
import threading

from iasql_emulator import passing_time


def arguments(argv):
    parser = argparse.ArgumentParser(prog="iasql_emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=4566, help="port on 127.0.0.1; 0 takes a free one (default 4566)")
    parser.add_argument("--log", action="store_true", help="write a line for each request to standard error")
    parser.add_argument(
        "--authenticate-after",
        type=int,
        metavar="N",
        help="check signatures and policies after the first N requests (default: never)",
    )
    parser.add_argument(
        "--delay",
        type=float,
        default=os.environ.get("IASQL_EMULATOR_DELAY", passing_time.DEFAULT_DELAY),
        metavar="SECONDS",
        help="how long AWS takes for what it does not do at once (default: IASQL_EMULATOR_DELAY, else %(default)s)",
    )
    parser.add_argument("--die-with-parent", action="store_true", help="stop when the process that started this one ends")
    return parser.parse_args(argv)


def die_with_parent():
    parent = os.getppid()
    set_parent_death_signal = 1
    ctypes.CDLL(None, use_errno=True).prctl(set_parent_death_signal, signal.SIGTERM)
    if os.getppid() != parent:  # it ended before the request
        sys.exit(0)


def warm_up(application):
    """The first EC2 call loads 1,300 machine images and the first IAM call every managed policy: seconds each."""
    from werkzeug.test import Client

    client = Client(application)
    for service, action, version in (
        ("ec2", "DescribeVpcs", "2016-11-15"),
        ("iam", "ListPolicies", "2010-05-08"),
        ("sts", "GetCallerIdentity", "2011-06-15"),
    ):
        scope = f"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
        answer = client.post("/", data={"Action": action, "Version": version}, headers={"Authorization": scope})
        if answer.status_code != 200:
            raise SystemExit(f"iasql_emulator: {action} answered {answer.status}: {answer.text[:500]}")
    client.post("/moto-api/reset")


def main(argv=None):
    options = arguments(argv)
    if options.die_with_parent:
        die_with_parent()
    # moto reads these when it is imported.
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "inf"
    from moto.core.responses import ActionAuthenticatorMixin
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    from iasql_emulator.application import make_application

    logging.getLogger("werkzeug").setLevel(logging.INFO if options.log else logging.ERROR)
    passing_time.set_delay(options.delay)
    application = make_application()
    try:
        server = make_server("127.0.0.1", options.port, application, threaded=True, request_handler=MotoRequestHandler)
    except OSError as error:
        print(f"iasql_emulator: cannot listen on 127.0.0.1:{options.port}: {error.strerror}", file=sys.stderr)
        return 1
    warm_up(application)
    if options.authenticate_after is not None:
        ActionAuthenticatorMixin.request_count = 0
        from moto import settings

        settings.INITIAL_NO_AUTH_ACTION_COUNT = float(options.authenticate_after)

    def stop(_signal, _frame):
        # shutdown() waits for the serving loop, which is this very thread: ask from another one.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever(poll_interval=0.1)
    return 0
