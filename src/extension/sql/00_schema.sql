-- PostgreSQL makes the schema unless there is one already. One that somebody else made could hold traps, so it is
-- refused before anything of ours is put into it.

DO $$
BEGIN
  IF EXISTS (
    SELECT FROM pg_catalog.pg_namespace
    WHERE nspname OPERATOR(pg_catalog.=) 'iasql'::pg_catalog.name
      AND nspowner OPERATOR(pg_catalog.<>) current_user::pg_catalog.regrole::pg_catalog.oid
  ) THEN
    RAISE EXCEPTION 'schema "iasql" already exists and belongs to another role'
      USING ERRCODE = 'duplicate_schema', HINT = 'Drop it, or rename it, first';
  END IF;
END $$;
