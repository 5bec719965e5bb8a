"""The example project in a folder of its own, run with one of the environments against one database."""

import ast
import os
import re
import shutil
import subprocess
from urllib.parse import urlsplit

from environments import environment
from server import REGION, SOURCE, CommandFailed

EXAMPLE = SOURCE / "examples" / "django" / "app"
COLUMNS = {
    table: set(columns.split())
    for table, columns in (
        line.split(": ")
        for line in (SOURCE / "tests" / "system" / "tutorial_columns.txt").read_text().splitlines()
        if not line.startswith("#")
    )
}


class Project:
    def __init__(self, folder, client, database=None):
        self.folder, self.programs = folder / "app", environment(client)
        shutil.copytree(EXAMPLE, self.folder, ignore=shutil.ignore_patterns(".env", ".venv", "db.sqlite3", "__pycache__"))
        self.models = self.folder / "infra" / "models.py"
        self.migrations = self.folder / "infra" / "migrations"
        if database:
            url = urlsplit(database.url)
            (self.folder / ".env").write_text(
                f"AWS_REGION={REGION}\nDB_NAME={url.path[1:]}\nDB_USER={url.username}\nDB_PASSWORD={url.password}\n"
                f"DB_HOST={url.hostname}\nDB_PORT={url.port}\n"
            )

    def run(self, *command):
        """Runs one of the environment's programs in the project's folder; gives what it printed. Raises CommandFailed."""
        program, *arguments = map(str, command)
        finished = subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=300,
        )
        if finished.returncode != 0:
            raise CommandFailed(finished.returncode, finished.stdout, finished.stderr)
        return finished.stdout

    def environment(self):
        """Without settings of whoever runs the tests: the project has its .env."""
        foreign = re.compile(r"DB_|AWS_|IASQL_|DJANGO_|PG")
        return {name: value for name, value in os.environ.items() if not foreign.match(name)}

    def manage(self, *arguments):
        return self.run("python", "manage.py", *arguments)

    def migrate(self, *target):
        """Migrates; gives the changes that the migrations printed."""
        printed = self.manage("migrate", "--database", "infra", "infra", *target)
        return [change for found in re.findall(r"\[\{.*\}\]|(?<=\.\.\.)\[\]", printed) for change in ast.literal_eval(found)]

    def introspect(self, columns=None):
        """Steps 7 and 8 of the tutorial: models and 0002 from the database's tables; of `columns`, these only."""
        last = self.migrations / "0003_initial.py"
        aside = last.rename(self.folder / "0003_initial.py")
        for generated in (self.models, *self.migrations.glob("0002_*.py")):
            generated.unlink()
        self.migrate()
        self.models.write_text(self.manage("inspectdb", "--database=infra"))
        if columns:
            self.models.write_text(with_columns(self.models.read_text(), columns))
        said = self.run("python", "tweak_models.py", "infra/models.py")
        self.manage("makemigrations", "--name", "inspectdb", "infra")
        aside.rename(last)
        return said

    def make_not_atomic(self):
        for migration in self.migrations.glob("0*.py"):
            source = migration.read_text()
            head = "class Migration(migrations.Migration):\n"
            assert head in source
            migration.write_text(source.replace(head, f"{head}    atomic = False\n"))


def with_columns(models, columns):
    """The models without the tables and properties that `columns`, {table: columns}, does not have."""
    head, *classes = re.split(r"^(?=class )", models, flags=re.M)
    kept = []
    for model in classes:
        table = re.search(r"db_table = '(\w+)'", model)[1]
        if table not in columns and table != "django_migrations":
            continue
        lines = model.splitlines()
        for line in list(lines):
            found = re.match(r"    (\w+) = models\.(\w+)\(", line)
            if found and table in columns and not {found[1], f"{found[1]}_id"} & (columns[table] | {"pk"}):
                lines.remove(line)
            elif line.strip().startswith("unique_together"):
                lines.remove(line)
        kept.append("\n".join(lines).rstrip() + "\n")
    return head + "\n\n".join(kept)
