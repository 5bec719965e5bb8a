"""How one table's row lives, for life_cycle_test.py."""

from dataclasses import dataclass, field


@dataclass
class Life:
    fewest: dict  # column → SQL
    more: dict = field(default_factory=dict)  # what makes them all
    # (column, what is SET or a statement, and where the golden file leaves them open the actions)
    changes: list = field(default_factory=list)
    parents: tuple = ()  # statements that make what the row points at
    changed_outside: object = None  # what somebody else does to the object, given boto3's clients and the object
    deleted_outside: object = None
    key: str = "id"  # the primary key's column


def is_statement(sql):
    return sql.startswith(("INSERT ", "UPDATE ", "DELETE ", "WITH "))
