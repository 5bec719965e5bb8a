"""The examples in each module's README, run in a database with that module and then applied."""

import re

import pytest

from server import SOURCE, rows

READMES = sorted((SOURCE / "src" / "modules").glob("*/README.md"))


@pytest.mark.parametrize("readme", READMES, ids=[readme.parent.name for readme in READMES])
def test_examples(db, readme):
    examples = re.findall(r"```sql\n(.*?)```", readme.read_text(), re.DOTALL)
    assert examples, f"{readme} has no example"
    rows(db, "SELECT * FROM iasql_install(%s)", readme.parent.name)
    for example in examples:
        for statement in re.split(r";\s*$", example, flags=re.MULTILINE):
            if statement.strip():
                db.execute(statement)
    rows(db, "SELECT * FROM iasql_apply()")
    assert rows(db, "SELECT * FROM iasql_plan_apply()") == []
