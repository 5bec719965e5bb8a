#!/bin/sh
# Runs the SQL tests and compares what psql prints with the reviewed NAME.out beside each NAME.sql.
#
#   run.sh CONNECTION [CONNECT [NAME...]]
#
# CONNECTION is a connection string of a superuser, in a cluster in which the extension can be created. Every test gets
# a database of its own, which belongs to role iasql_test_owner. Tests in database/ need no more than that. Those in
# account/ need AWS or an emulator: CONNECT is a command that is given the name of a database with the extension and
# connects it to an account; without it, or with "", they are left out. With NAMEs only those tests are run.
# Exit status: 0 when all passed. What differed is printed; databases and roles are removed whatever the outcome.
# KEEP_OUTPUT names a folder for what failed tests printed.
set -eu

connection=$1
connect=${2-}
[ $# -lt 2 ] && shift || shift 2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
database=
trap clean_up EXIT
trap 'exit 130' INT TERM
export PGOPTIONS='-c client_min_messages=notice -c lc_messages=C'
export PGTZ=UTC PGCLIENTENCODING=UTF8 LC_ALL=C

as_superuser() { psql -X -q -v ON_ERROR_STOP=1 "$connection" "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 2; }; }

remove_database() {
  [ -z "$database" ] || as_superuser -c "DROP DATABASE IF EXISTS $database WITH (FORCE)"
  database=
}

# A database that stayed would keep the roles, and every later run from removing them.
clean_up() {
  status=$?
  trap - EXIT
  remove_database
  as_superuser -c 'DROP ROLE IF EXISTS iasql_test_owner, iasql_test_other'
  rm -rf "$work"
  exit "$status"
}

wanted() {
  [ $# -eq 1 ] && return 0
  test=$1
  shift
  for name; do [ "$name" = "$test" ] && return 0; done
  return 1
}

as_superuser -c "DO \$\$ BEGIN
  IF to_regrole('iasql_test_owner') IS NULL THEN CREATE ROLE iasql_test_owner LOGIN; END IF;
  IF to_regrole('iasql_test_other') IS NULL THEN CREATE ROLE iasql_test_other LOGIN; END IF;
END \$\$"

failed=0
passed=0
for file in "$here"/database/*.sql "$here"/account/*.sql; do
  [ -e "$file" ] || continue
  name=$(basename "$file" .sql)
  kind=$(basename "$(dirname "$file")")
  [ "$kind" = account ] && [ -z "$connect" ] && continue
  wanted "$name" "$@" || continue
  database=iasql_test_$name
  as_superuser -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" \
    -c "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' OWNER iasql_test_owner"
  if [ "$kind" = account ]; then
    printf '\\c %s\nCREATE EXTENSION iasql;\n' "$database" >"$work/setup.sql"
    as_superuser -f "$work/setup.sql"
    "$connect" "$database"
  fi
  { printf '\\c %s\n' "$database"; cat "$file"; } |
    psql -X -q -a -v VERBOSITY=default "$connection" 2>&1 | sed -e 1d -e '/^LOCATION: /d' >"$work/$name.out"
  if diff -u "$here/$kind/$name.out" "$work/$name.out" >"$work/diff" 2>&1; then
    echo "ok      $kind/$name"
    passed=$((passed + 1))
  else
    echo "FAILED  $kind/$name"
    cat "$work/diff"
    if [ -n "${KEEP_OUTPUT-}" ]; then cp "$work/$name.out" "$KEEP_OUTPUT/$kind-$name.out"; fi
    failed=$((failed + 1))
  fi
  remove_database
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
