"""Measures botocore on the cases of cases.py; prints what measure.cpp prints.

    reference.py FOLDER
"""

import json
import os
import pathlib
import resource
import statistics
import sys
import time

import botocore.loaders
import botocore.model
import botocore.parsers
import botocore.serialize

LEAST, ROUNDS = 0.05, 7


def seconds(work, times):
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) / times


def median_seconds(work):
    times = 1
    while seconds(work, times) * times < LEAST:
        times *= 2
    return statistics.median(seconds(work, times) for _ in range(ROUNDS))


def show(what, name, value):
    print(what, name, int(value), flush=True)


def resident_bytes():
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def load(service):
    document = botocore.loaders.Loader().load_service_model(service, "service-2")
    return botocore.model.ServiceModel(document, service)


def measure(folder, protocol, service, operation_name, answering_name):
    before = resident_bytes()
    model = load(service)
    model.operation_model(operation_name).input_shape.members
    show("memory", protocol, resident_bytes() - before)
    show("load", protocol, seconds(lambda: load(service).operation_model(operation_name), 3) * 1e9)
    given = json.loads((folder / f"{protocol}.input").read_text())
    answer = (folder / f"{protocol}.answer").read_bytes()
    serializer = botocore.serialize.create_serializer(model.resolved_protocol, include_validation=True)
    parser = botocore.parsers.create_parser(model.resolved_protocol)
    operation = model.operation_model(operation_name)
    shape = model.operation_model(answering_name).output_shape
    response = {"status_code": 200, "headers": {}, "body": answer}
    show("serialise", protocol, median_seconds(lambda: serializer.serialize_to_request(given, operation)) * 1e9)
    show("parse", protocol, median_seconds(lambda: parser.parse(response, shape)) * 1e9)


def main(folder):
    folder = pathlib.Path(folder)
    for line in (folder / "cases.txt").read_text().splitlines():
        # A process each, so that no service finds memory that another one left.
        child = os.fork()
        if child == 0:
            measure(folder, *line.split())
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            sys.exit(f"botocore could not be measured: {line}")


if __name__ == "__main__":
    main(*sys.argv[1:])
