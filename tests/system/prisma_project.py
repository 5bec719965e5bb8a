"""A project that uses Prisma: schema from the database, client from the schema, calls of the client."""

import json
import os
import re
import shutil
import subprocess

from environments import PRISMA, environment, prisma


class PrismaFailed(Exception):
    pass


class PrismaProject:
    def __init__(self, folder):
        self.folder = folder
        self.url = None
        for file in ("package.json", "prisma.config.js", "schema.prisma", "calls.js"):
            shutil.copy(PRISMA / file, folder)
        (folder / "node_modules").symlink_to(prisma())

    def run(self, *command, input=None):
        """What the command prints. Raises PrismaFailed with what it says instead."""
        finished = subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            input=input,
            capture_output=True,
            text=True,
            timeout=120,
            env={
                "PATH": f"{environment('node')}:{os.environ['PATH']}",
                "HOME": str(self.folder),
                "DATABASE_URL": self.url,
                "CHECKPOINT_DISABLE": "1",  # asks no server for newer versions
                "PRISMA_HIDE_UPDATE_MESSAGE": "1",
            },
        )
        if finished.returncode != 0:
            raise PrismaFailed(finished.stdout + finished.stderr)
        return finished.stdout

    def command(self, *arguments):
        return self.run(self.folder / "node_modules" / ".bin" / "prisma", *arguments)

    def has_client(self):
        return (self.folder / "client").exists()

    def calls(self, *calls):
        """The result of each call of the client: (model, method, argument), or (method, *arguments) for its own."""
        return json.loads(self.run("node", "calls.js", input=json.dumps(calls)))

    def models(self):
        """Each model of the schema with its fields: name → type."""
        schema = (self.folder / "schema.prisma").read_text()
        return {
            model: dict(re.findall(r"^  (\w+)\s+([^\s@]+)", body, re.M))
            for model, body in re.findall(r"^model (\w+) \{\n(.*?)^\}", schema, re.M | re.DOTALL)
        }
