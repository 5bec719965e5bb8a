#!/usr/bin/env python3
"""Unpacks botocore's paginators and waiters, of every version of every service model, for the tests that run them.

    listing_models.py WHEEL FOLDER

FOLDER gets `service@version.json`, the operations that a paginator or a waiter names with the shapes that they reach,
and `index.txt`, a line for each: paginator or waiter, service@version, its name, its operation.
"""

import gzip
import json
import pathlib
import shutil
import sys
import tempfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
from trim_models import merge, references, without_documentation


def read(wheel, names, base):
    if base + ".json" in names:
        return json.loads(wheel.read(base + ".json"))
    if base + ".json.gz" in names:
        return json.loads(gzip.decompress(wheel.read(base + ".json.gz")))
    return {}


def with_extras(wheel, names, base):
    document = read(wheel, names, base)
    merge(document, read(wheel, names, base + ".sdk-extras").get("merge", {}))
    return document


def reached(model, operations):
    found, pending = set(), []
    for operation in operations:
        pending += [operation[side]["shape"] for side in ("input", "output") if side in operation]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += references(model["shapes"][name])
    return {name: model["shapes"][name] for name in sorted(found)}


def main():
    wheel, folder = zipfile.ZipFile(sys.argv[1]), pathlib.Path(sys.argv[2])
    names = set(wheel.namelist())
    scratch = pathlib.Path(tempfile.mkdtemp(dir=folder.parent))
    index = []
    for place in sorted({name.rpartition("/")[0] for name in names if name.startswith("botocore/data/")}):
        paginators = with_extras(wheel, names, place + "/paginators-1").get("pagination", {})
        waiters = with_extras(wheel, names, place + "/waiters-2").get("waiters", {})
        if not paginators and not waiters:
            continue
        model = read(wheel, names, place + "/service-2")
        service = "@".join(place.split("/")[2:4])
        index += [f"paginator {service} {name} {name}" for name in paginators]
        index += [f"waiter {service} {name} {waiter['operation']}" for name, waiter in waiters.items()]
        wanted = set(paginators) | {waiter["operation"] for waiter in waiters.values()}
        operations = {
            name: {key: value for key, value in operation.items() if key != "errors"}
            for name, operation in model["operations"].items()
            if name in wanted
        }
        # A protocol that is spoken here, since what is called is a caller that answers by itself.
        document = {
            "metadata": {**model["metadata"], "protocol": "json", "protocols": ["json"]},
            "operations": operations,
            "shapes": reached(model, operations.values()),
            "pagination": paginators,
            "waiters": waiters,
        }
        (scratch / f"{service}.json").write_text(json.dumps(without_documentation(document)))
    (scratch / "index.txt").write_text("\n".join(index) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    scratch.chmod(0o755)  # mkdtemp's folder is its maker's alone
    scratch.rename(folder)


if __name__ == "__main__":
    main()
