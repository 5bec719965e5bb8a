"""Puts the figures of measure.cpp and reference.py together, as a table of Markdown.

    report.py OURS BOTOCORE LIBRARY.so [MODELS]
"""

import datetime
import pathlib
import platform
import sys


def read(name):
    figures = {}
    for line in pathlib.Path(name).read_text().splitlines():
        what, protocol, value = line.split()
        figures[what, protocol] = int(value)
    return figures


def microseconds(nanoseconds):
    value = nanoseconds / 1000
    return f"{value:,.0f} µs" if value >= 10 else f"{value:.1f} µs"


def mebibytes(size):
    return f"{size / 2**20:.1f} MiB"


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def main(ours_name, botocore_name, library, *models):
    ours, botocore = read(ours_name), read(botocore_name)
    protocols = [protocol for what, protocol in ours if what == "parse"]
    print(f"{datetime.date.today()}, {processor()}, {platform.freedesktop_os_release()['PRETTY_NAME']}\n")
    print("| protocol | what | here | botocore | times faster | library alone | times the library |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for what in "load", "serialise", "parse":
        for protocol in protocols:
            here, there = ours[what, protocol], botocore[what, protocol]
            floor = ours["floor", protocol] if what == "parse" else None
            print(
                f"| {protocol} | {what} | {microseconds(here)} | {microseconds(there)} | {there / here:.0f} | "
                + (f"{microseconds(floor)} | {here / floor:.2f} |" if floor else "| |")
            )
    print("\n| size | |\n| --- | ---: |")
    print(f"| iasql.so, stripped | {mebibytes(pathlib.Path(library).stat().st_size)} |")
    for name in models:
        print(f"| {pathlib.Path(name).name} | {mebibytes(pathlib.Path(name).stat().st_size)} |")
    for protocol in protocols:
        here, there = ours["memory", protocol], botocore["memory", protocol]
        print(f"| memory for the service of {protocol}: here, botocore | {mebibytes(here)}, {mebibytes(there)} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
