"""docs/tutorial.md is run: its `sql` blocks in one psql session, and what each prints is what stands below it.

REGENERATE=1 writes what was printed into the document instead.
"""

import os
import re

import psycopg
import pytest

import tutorial
from quickstart_objects import CREATES, assert_running, before  # noqa: F401, a fixture
from server import plan, rows
from steps import apply, assert_settled

pytestmark = pytest.mark.every_postgresql

SQL = re.compile(r"^```sql\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.DOTALL | re.M)


def without_ids(printed):
    """The tables that were printed, with a dot for whatever AWS chooses, and their rows in alphabetical order: what runs at
    the same time ends in any order."""
    printed = re.sub(r"\b(sg|sgr|subnet|vpc)-[0-9a-f]+", r"\1-.", printed)
    printed = re.sub(r"/[0-9a-f]{16}\b", "/.", printed)
    printed = re.sub(r"(?<=task-definition/quickstart-td:)\d+", ".", printed)
    printed = re.sub(r"-\d+(?=\.[a-z0-9-]+\.elb\.amazonaws\.com)", "-.", printed)
    tables, table = [], []
    for line in filter(str.strip, printed.splitlines()):
        table.append(re.sub(r" +", " ", re.sub(r"-{3,}", "---", line)).strip())
        if re.fullmatch(r"\(\d+ rows?\)", table[-1]):
            head = next(number for number, each in enumerate(table) if each.startswith("---")) + 1
            tables.append(table[:head] + sorted(table[head:-1]) + table[-1:])
            table = []
    assert not table, f"not a table: {table}"
    return tables


def test_as_written(before, database):
    document = tutorial.PATH.read_text()
    printed = tutorial.psql(database.url, [found[1] for found in SQL.finditer(document)])
    if os.environ.get("REGENERATE"):
        outputs = iter(printed)

        def with_output(found):
            output = next(outputs)
            return f"```sql\n{found[1]}```\n" + (f"\n```text\n{output}```\n" if output.strip() else "")

        tutorial.PATH.write_text(SQL.sub(with_output, document))
        return
    for found, output in zip(SQL.finditer(document), printed, strict=True):
        assert without_ids(output) == without_ids(found[2] or ""), found[1]


def test_each_row_in_a_transaction_of_its_own(before, account, db):
    """With an apply after each: what a row belongs to is there, and a load balancer or service changes with its groups."""
    rows(db, tutorial.scripts("sql", "Install the modules")[0])
    for insert in tutorial.inserts():
        db.execute(insert)
        if "INTO task_definition " in insert:
            with pytest.raises(psycopg.Error, match="task_definition quickstart-td .* needs a value for container_definition"):
                apply(db)
        else:
            changes = [change for change in apply(db) if change[0] != "delete"]  # AWS's egress rule, before it has a row
            assert len(changes) == 1
    # AWS gave the load balancer a group while it had none, and that one has a row since.
    db.execute(
        "DELETE FROM load_balancer_security_groups USING security_group WHERE id = security_group_id AND group_name = 'default'"
    )
    assert apply(db) == [("update", "load_balancer", "quickstart-load-balancer")]
    assert_running(account)
    assert_settled(db)
    db.execute("SELECT delete_all_records()")
    assert sorted(table for _, table, _ in plan(db)) == CREATES
    apply(db)
    assert_settled(db)
