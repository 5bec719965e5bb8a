#!/usr/bin/env python3
"""Compiles the console's page into C++: embed_page.py OUTPUT FILE..."""

import pathlib
import sys

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def main(output, files):
    arrays, entries = [], []
    for number, file in enumerate(sorted(map(pathlib.Path, files))):
        content = file.read_bytes()
        path = "/" if file.name == "index.html" else f"/{file.name}"
        arrays.append(f"const unsigned char file_{number}[] = {{{','.join(map(str, content))}}};")
        entries.append(
            f'    {{"{path}", "{CONTENT_TYPES[file.suffix]}",'
            f" {{reinterpret_cast<const char*>(file_{number}), sizeof file_{number}}}}},"
        )
    pathlib.Path(output).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(output).write_text(
        '#include "console/page.hpp"\n\nnamespace iasql::console {\n\nnamespace {\n\n'
        + "\n".join(arrays)
        + "\n\nconst PageFile files[] = {\n"
        + "\n".join(entries)
        + "\n};\n\n} // namespace\n\nstd::span<const PageFile> page_files() {\n  return files;\n}\n\n"
        "} // namespace iasql::console\n"
    )


main(sys.argv[1], sys.argv[2:])
