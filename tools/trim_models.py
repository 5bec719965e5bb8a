#!/usr/bin/env python3
"""Writes botocore's service models with what this project uses of them, for tools/pack_models.cpp.

    trim_models.py wheel OUTPUT                          every service and operation
    trim_models.py wheel OUTPUT src/aws/models.txt ...   what the lists name

A line of the output is {"service", "listing", "model"}: the newest API version's model with paginators, waiters and the
service's endpoint rule set as JSON text, without documentation, and what the archive's index says of it. A list names
operations, `service Operation ...` a line; of these the shapes that they reach are kept. A name that is not in botocore
is an error with the nearest names.
"""

import argparse
import difflib
import gzip
import json
import pathlib
import sys
import zipfile

DROPPED = {
    "documentation",
    "documentationUrl",
    "deprecated",
    "deprecatedMessage",
    "deprecatedSince",
    "externalDocumentation",
}


def wanted_operations(files):
    wanted = {}
    for path in files:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            words = line.partition("#")[0].split()
            if len(words) == 1:
                sys.exit(f"{path}:{number}: a service without an operation")
            if words:
                wanted.setdefault(words[0], {}).update(dict.fromkeys(words[1:], f"{path}:{number}"))
    return wanted


def near(name, names):
    close = difflib.get_close_matches(name, names, 3)
    return f" (near: {', '.join(close)})" if close else ""


def merge(document, extra):
    for key, value in extra.items():
        if isinstance(value, dict) and isinstance(document.get(key), dict):
            merge(document[key], value)
        else:
            document[key] = value


class Wheel:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        self.folders = {}  # service -> version -> file names
        for name in self.zip.namelist():
            parts = name.split("/")
            if parts[:2] == ["botocore", "data"] and len(parts) == 5:
                self.folders.setdefault(parts[2], {}).setdefault(parts[3], []).append(parts[4])

    def document(self, service, kind):
        """The JSON document of that kind in the newest API version's folder, {} where there is none."""
        version = max(self.folders[service])
        base = f"botocore/data/{service}/{version}/{kind}"
        names = self.folders[service][version]
        if f"{kind}.json" in names:
            found = json.loads(self.zip.read(f"{base}.json"))
        elif f"{kind}.json.gz" in names:
            found = json.loads(gzip.decompress(self.zip.read(f"{base}.json.gz")))
        else:
            return {}
        # Extras of service-2 are members of botocore's own that AWS does not know.
        if kind != "service-2" and f"{kind}.sdk-extras.json" in names:
            merge(found, json.loads(self.zip.read(f"{base}.sdk-extras.json")).get("merge", {}))
        return found


def without_documentation(node, names_are_keywords=True):
    """The model without what is only for people. Under "members" and "shapes" keys are names, never keywords."""
    if isinstance(node, list):
        return [without_documentation(element) for element in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_documentation(value, key not in ("members", "shapes", "operations"))
        for key, value in node.items()
        if not (names_are_keywords and key in DROPPED)
    }


def references(shape):
    for member in shape.get("members", {}).values():
        yield member["shape"]
    for part in ("member", "key", "value"):
        if part in shape:
            yield shape[part]["shape"]


def trim(wheel, service, operations):
    """The model with those operations, {name: where it was asked for}; with all of them where that is None."""
    if service not in wheel.folders:
        place = next(iter(operations.values()))
        sys.exit(f"{place}: botocore has no service {service}{near(service, wheel.folders)}")
    model = wheel.document(service, "service-2")
    for name, place in (operations or {}).items():
        if name not in model["operations"]:
            sys.exit(f"{place}: service {service} has no operation {name}{near(name, model['operations'])}")
    kept = {name: model["operations"][name] for name in sorted(operations or model["operations"])}

    reached, pending = set(), []
    for operation in kept.values():
        pending += [operation[side]["shape"] for side in ("input", "output") if side in operation]
        pending += [error["shape"] for error in operation.get("errors", [])]
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending += references(model["shapes"][name])

    paginators = wheel.document(service, "paginators-1").get("pagination", {})
    waiters = wheel.document(service, "waiters-2").get("waiters", {})
    rules = without_documentation(wheel.document(service, "endpoint-rule-set-1"))
    return without_documentation(
        {
            "metadata": model["metadata"],
            "endpointRules": compact(rules) if rules else "",
            "operations": kept,
            "shapes": {name: model["shapes"][name] for name in sorted(reached)},
            "pagination": {name: paginators[name] for name in kept if name in paginators},
            "waiters": {name: waiter for name, waiter in waiters.items() if waiter["operation"] in kept},
        }
    )


def is_event_stream(model, operation):
    messages = [model["shapes"][operation[side]["shape"]] for side in ("input", "output") if side in operation]
    members = [member["shape"] for message in messages for member in message.get("members", {}).values()]
    return any(model["shapes"][name].get("eventstream") for name in members)


def listing(model):
    """What the archive's index says of a service and its operations; what is not so is left out."""
    metadata = model["metadata"]
    return {
        "full_name": metadata["serviceFullName"],
        "api_version": metadata["apiVersion"],
        "signing_name": metadata.get("signingName", metadata["endpointPrefix"]),
        "uid": metadata["uid"],
        "protocols": metadata.get("protocols", [metadata["protocol"]]),
        "signature_version": metadata["signatureVersion"],
        "auth": metadata.get("auth", []),
        "operations": {
            name: {
                **({"paginated": True} if name in model["pagination"] else {}),
                **({"event_stream": True} if is_event_stream(model, operation) else {}),
            }
            for name, operation in model["operations"].items()
        },
    }


def compact(document):
    return json.dumps(document, separators=(",", ":"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("lists", type=pathlib.Path, nargs="*")
    arguments = parser.parse_args()
    wheel = Wheel(arguments.wheel)
    wanted = wanted_operations(arguments.lists) if arguments.lists else dict.fromkeys(wheel.folders)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    with arguments.output.open("w") as output:
        for service, operations in sorted(wanted.items()):
            model = trim(wheel, service, operations)
            output.write(compact({"service": service, "listing": listing(model), "model": model}) + "\n")


if __name__ == "__main__":
    main()
