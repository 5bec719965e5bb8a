"""docs/tutorial.md, as blocks to run, and what it takes to run them."""

import re
import subprocess
from dataclasses import dataclass

from server import SOURCE

PATH = SOURCE / "docs" / "tutorial.md"
MARK = "-- end of block --"


@dataclass
class Block:
    section: str
    language: str
    text: str


def blocks():
    """The document's blocks of code, in order, each with the headline that it stands under."""
    found, section = [], ""
    for match in re.finditer(r"^## ([^\n]*)$|^```(\w+)\n(.*?)^```$", PATH.read_text(), re.M | re.DOTALL):
        if match[1]:
            section = match[1]
        else:
            found.append(Block(section, match[2], match[3]))
    return found


def scripts(language, *sections):
    """The text of the blocks in a language, of all sections or of those whose headlines are given."""
    return [block.text for block in blocks() if block.language == language and block.section in (sections or {block.section})]


def inserts():
    """The document's fourteen INSERT statements."""
    return [statement for sql in scripts("sql") for statement in re.findall(r"^INSERT .*?;$", sql, re.DOTALL | re.M)]


def psql(url, statements):
    """What each block of statements prints, all run in one session."""
    played = subprocess.run(
        ["psql", url, "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--pset", "pager=off"],
        input="".join(f"{block}\n\\echo {MARK}\n" for block in statements),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert played.returncode == 0, played.stdout + played.stderr
    return [re.sub(r"[ \t]+$", "", printed, flags=re.M).strip("\n") + "\n" for printed in played.stdout.split(MARK)][:-1]
