#!/usr/bin/env python3
"""Turns botocore's partitions.json into one C++ source: the table behind src/aws/partition.hpp.

    partition_table.py botocore.whl partition_table.cpp

The regular expression that says which regions a partition has becomes the words that may stand before its
"-<word>-<number>"; one of any other form is an error, so that no expression is evaluated at run time.
"""

import argparse
import itertools
import json
import pathlib
import re
import sys
import zipfile


def region_prefixes(expression):
    r"""["us", "eu"] for ^(us|eu)\-\w+\-\d+$, ["us-gov"] for ^us\-gov\-\w+\-\d+$."""
    found = re.fullmatch(r"\^((?:[a-z]+|\([a-z|]+\))(?:\\-(?:[a-z]+|\([a-z|]+\)))*)\\-\\w\+\\-\\d\+\$", expression)
    if not found:
        sys.exit(f"partitions.json has a region expression of a new form: {expression}")
    words = [part.strip("()").split("|") for part in found[1].split(r"\-")]
    return ["-".join(choice) for choice in itertools.product(*words)]


def array(name, texts):
    return f"constexpr std::string_view {name}[] = {{{', '.join(json.dumps(text) for text in texts)}}};"


def cpp_source(partitions):
    lines = ["// Made by tools/partition_table.py.", '#include "aws/partition.hpp"', "", "namespace iasql::aws {", ""]
    lines += ["namespace {", ""]
    rows = []
    for number, partition in enumerate(partitions):
        outputs = partition["outputs"]
        lines.append(array(f"regions_{number}", sorted(partition["regions"])))
        lines.append(array(f"prefixes_{number}", region_prefixes(partition["regionRegex"])))
        texts = [partition["id"]]
        texts += [outputs[key] for key in ("dnsSuffix", "dualStackDnsSuffix", "implicitGlobalRegion")]
        flags = [json.dumps(outputs[key]) for key in ("supportsFIPS", "supportsDualStack")]
        fields = [json.dumps(text) for text in texts] + flags + [f"regions_{number}", f"prefixes_{number}"]
        rows.append(f"    {{{', '.join(fields)}}},")
    lines += ["", "constexpr Partition table[] = {", *rows, "};", "", "} // namespace", ""]
    lines += ["std::span<const Partition> partitions() { return table; }", "", "} // namespace iasql::aws", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    arguments = parser.parse_args()
    document = json.loads(zipfile.ZipFile(arguments.wheel).read("botocore/data/partitions.json"))
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(cpp_source(document["partitions"]))


if __name__ == "__main__":
    main()
