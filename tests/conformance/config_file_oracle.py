"""What botocore makes of configuration files: reads a JSON list of [kind, text] from standard input and writes a list of
what it found, null where it refuses the file. Run with PYTHONPATH naming botocore's wheel."""

import json
import os
import sys
import tempfile

from botocore.configloader import load_config, raw_config_parse
from botocore.exceptions import ConfigParseError


def found(path, kind):
    try:
        if kind == "credentials":
            return {"profiles": raw_config_parse(path), "sso_sessions": {}, "services": {}}
        loaded = load_config(path)
        return {name: loaded[name] for name in ("profiles", "sso_sessions", "services")}
    except ConfigParseError:
        return None


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "file")
    answers = []
    for kind, text in json.load(sys.stdin):
        with open(path, "wb") as file:
            file.write(text.encode())
        answers.append(found(path, kind))
json.dump(answers, sys.stdout)
