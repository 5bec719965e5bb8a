#!/usr/bin/env python
"""Turns what inspectdb wrote into models that work: nine changes, of which each says what it found.

    python manage.py inspectdb --database=infra > infra/models.py
    python tweak_models.py infra/models.py

A change that finds nothing says so on standard error. Exit status: 1 when a class or property is missing that 4 to 9 are
about, as it is when a module is not installed; the other changes are made all the same.
"""

import pathlib
import re
import sys


def replaced(models, pattern, replacement):
    return re.subn(pattern, replacement, models)


def imported(models, line):
    """With the line among the imports, above the one that inspectdb begins with."""
    return (models, 0) if line in models else re.subn(r"^(?=from django\.db import models$)", f"{line}\n", models, flags=re.M)


def changed(models, model, name, change):
    """With the definition of one property changed; inspectdb writes each on one line."""
    head = rf"(^class {model}\(models\.Model\):\n(?:(?!class ).*\n)*?    {name} = )"
    return re.subn(head + "(.*)", lambda found: found[1] + change(found[2]), models, count=1, flags=re.M)


def defined(models, model, name, definition):
    return changed(models, model, name, lambda _: definition)


def related(models, model, name, related_name):
    def change(definition):
        without = re.sub(r", related_name='\w*'", "", definition, count=1)
        return without.replace("models.DO_NOTHING", f"models.DO_NOTHING, related_name='{related_name}'", 1)

    return changed(models, model, name, change)


# What it does in words, whether there is always something to do, and how.
TWEAKS = [
    ("CharField becomes TextField", False, replaced, r"\bCharField\b", "TextField"),
    ("no max_length=-1", False, replaced, r"max_length=-1, |,? ?max_length=-1", ""),
    ("ArrayField is imported", False, imported, "from django.contrib.postgres.fields import ArrayField"),
    ("Service.subnets is an array", True, defined, "Service", "subnets", "ArrayField(models.TextField())"),
    (
        "Service.force_new_deployment is False by default",
        True,
        defined,
        "Service",
        "force_new_deployment",
        "models.BooleanField(default=False)",
    ),
    (
        "Role.attached_policies_arns is an array",
        True,
        defined,
        "Role",
        "attached_policies_arns",
        "ArrayField(models.TextField())",
    ),
    ("IasqlDependencies.dependency is called module from there", True, related, "IasqlDependencies", "dependency", "module"),
    (
        "TaskDefinition.execution_role_name is called so from there",
        True,
        related,
        "TaskDefinition",
        "execution_role_name",
        "execution_role_name",
    ),
    ("TaskDefinition.task_role_name is called so from there", True, related, "TaskDefinition", "task_role_name", "task_role_name"),
]  # fmt: skip


def tweak(models):
    """The models changed, and for each change (what, whether it has to find something, how often it did)."""
    report = []
    for what, required, change, *arguments in TWEAKS:
        models, count = change(models, *arguments)
        report.append((what, required, count))
    return models, report


def main(path):
    models, report = tweak(path.read_text())
    path.write_text(models)
    for number, (what, required, count) in enumerate(report, 1):
        if count:
            print(f"{number}. {what}: {count}")
        else:
            print(f"{number}. {what}: {'NOT FOUND' if required else 'nothing to change'}", file=sys.stderr)
    return int(any(required and not count for _, required, count in report))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1])))
