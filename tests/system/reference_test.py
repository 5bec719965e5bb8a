"""docs/reference says of functions, settings and views what the catalogue says. REGENERATE=1 writes those tables anew."""

import os
import re

import psycopg.rows
import pytest

from server import SOURCE

FOLDER = SOURCE / "docs" / "reference"

FUNCTIONS = """
SELECT CASE WHEN short.oid IS NULL THEN 'iasql.' ELSE '' END || p.proname AS name,
       pg_get_function_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS returns,
       obj_description(p.oid, 'pg_proc') AS comment,
       has_function_privilege(datdba, p.oid, 'EXECUTE') AS of_owner
FROM pg_database, pg_proc p LEFT JOIN pg_proc short
  ON short.proname = p.proname AND short.proargtypes = p.proargtypes AND short.pronamespace = 'public'::regnamespace
WHERE datname = current_database() AND p.pronamespace = 'iasql'::regnamespace AND p.prorettype <> 'trigger'::regtype
ORDER BY short.oid IS NULL, NOT has_function_privilege(datdba, p.oid, 'EXECUTE'), p.oid
"""

SETTINGS = """
SELECT name, vartype, boot_val, unit, min_val, max_val, enumvals, context, short_desc
FROM pg_settings WHERE name LIKE 'iasql.%' ORDER BY context = 'superuser', name
"""

VIEWS = """
SELECT c.oid::regclass::text AS name, obj_description(c.oid, 'pg_class') AS comment
FROM pg_class c, pg_database
WHERE datname = current_database() AND relnamespace = 'iasql'::regnamespace AND relkind = 'v'
  AND has_table_privilege(datdba, c.oid, 'SELECT')
ORDER BY name
"""

COLUMNS = """
SELECT attname AS name, format_type(atttypid, atttypmod) AS type, col_description(attrelid, attnum) AS comment
FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


def prose(text):
    return re.sub(r"([|*])", r"\\\1", text).replace("<", "&lt;")


def code(text):
    return f"`{text}`".replace("|", r"\|")


def table(*rows):
    head, *others = rows
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [head, ["---"] * len(head), *others])


def functions(connection):
    def row(function):
        what, _, example = function["comment"].partition("\nExample: ")
        return (
            code(f"{function['name']}({function['arguments']})"),
            code(function["returns"]),
            "owner" if function["of_owner"] else "superuser",
            prose(what),
            code(example) if example else "",
        )

    found = connection.execute(FUNCTIONS).fetchall()
    return table(("function", "returns", "called by", "does", "example"), *map(row, found))


def settings(connection):
    def with_unit(setting, text):
        return f"{text} {setting['unit']}" if setting["unit"] and text != "-1" else text

    def default(setting):
        return "empty" if setting["boot_val"] == "" else code(with_unit(setting, setting["boot_val"]))

    def allowed(setting):
        if setting["vartype"] == "enum":
            return ", ".join(map(code, setting["enumvals"]))
        if setting["vartype"] == "integer":
            return f"{setting['min_val']} to {with_unit(setting, setting['max_val'])}"
        return {"bool": "`on`, `off`", "string": "text"}[setting["vartype"]]

    def row(setting):
        who = {"user": "everybody", "superuser": "superuser"}[setting["context"]]
        return code(setting["name"]), default(setting), allowed(setting), who, prose(setting["short_desc"])

    found = connection.execute(SETTINGS).fetchall()
    return table(("setting", "default", "values", "set by", "meaning"), *map(row, found))


def views(connection):
    def section(view):
        columns = connection.execute(COLUMNS, (view["name"],)).fetchall()
        rows = [(code(column["name"]), column["type"], prose(column["comment"])) for column in columns]
        return f"## {view['name']}\n\n{prose(view['comment'])}\n\n" + table(("column", "type", "meaning"), *rows)

    return "\n".join(section(view) for view in connection.execute(VIEWS).fetchall())


@pytest.mark.parametrize("render", [functions, settings, views], ids=lambda render: render.__name__)
def test_page_is_up_to_date(database, render):
    page = FOLDER / f"{render.__name__}.md"
    begin = "<!-- begin: written from the catalogue by tests/system/reference_test.py -->\n\n"
    end = "\n<!-- end -->\n"
    before, rest = page.read_text().split(begin)
    written, after = rest.split(end)
    with database.superuser() as connection:
        connection.row_factory = psycopg.rows.dict_row
        connection.execute("SELECT iasql.iasql_version()")  # loads the library, and with it the settings
        rendered = render(connection)
    if "REGENERATE" in os.environ:
        page.write_text(before + begin + rendered + end + after)
        written = rendered
    assert written == rendered, f"{page} is out of date: run with REGENERATE=1 and review the difference"

