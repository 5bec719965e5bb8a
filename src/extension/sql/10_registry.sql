-- Installed modules, the registry (base) and the epoch: written by the calling transaction, so that they commit and abort
-- with its rows. pg_dump skips them, as it skips every table of an extension: what a restored copy knows of an account is
-- not to be trusted until it is synced.

-- Whoever owns the schema can change what is in it: it must not have been there before, in somebody else's hands.
DO $$
BEGIN
  IF (SELECT nspowner FROM pg_catalog.pg_namespace WHERE nspname = 'iasql')
     <> (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
    RAISE EXCEPTION 'schema iasql exists already and belongs to another role'
      USING ERRCODE = 'duplicate_schema', HINT = 'Drop or rename it; the extension makes its own.';
  END IF;
  IF pg_catalog.getdatabaseencoding() <> 'UTF8' THEN
    RAISE EXCEPTION 'iasql needs a database with encoding UTF8'
      USING ERRCODE = 'feature_not_supported', HINT = 'CREATE DATABASE … ENCODING ''UTF8'' TEMPLATE template0';
  END IF;
END
$$;

CREATE TABLE iasql.module (
  name text PRIMARY KEY,
  version text NOT NULL,
  dependencies text[] NOT NULL,
  named boolean NOT NULL,
  position bigint NOT NULL GENERATED ALWAYS AS IDENTITY
);
COMMENT ON TABLE iasql.module IS 'Installed modules, in the order they were installed.';
COMMENT ON COLUMN iasql.module.named IS 'false: installed only because another module needs it.';

CREATE TABLE iasql.module_table (
  name text PRIMARY KEY,
  module text NOT NULL REFERENCES iasql.module (name),
  position integer NOT NULL,
  table_oid oid NOT NULL UNIQUE,
  columns text[] NOT NULL,
  system_identifier text NOT NULL,
  database_oid oid NOT NULL,
  account text NOT NULL
);
CREATE INDEX module_table_module ON iasql.module_table (module);
COMMENT ON TABLE iasql.module_table IS 'The tables of installed modules. Rows of a table may be applied only in the cluster, database and account that it names.';
COMMENT ON COLUMN iasql.module_table.columns IS 'The module''s own columns; a user may add others.';

CREATE TABLE iasql.registry (
  account text NOT NULL,
  region text NOT NULL,
  table_name text NOT NULL,
  cloud_id text NOT NULL,
  table_oid oid NOT NULL,
  module_version text NOT NULL,
  row_key text NOT NULL,
  attributes jsonb NOT NULL,
  is_protected boolean NOT NULL,
  created_here boolean NOT NULL,
  PRIMARY KEY (account, region, table_name, cloud_id)
);
COMMENT ON TABLE iasql.registry IS 'Base: one entry for each object of AWS that is known, as last read or written.';
COMMENT ON COLUMN iasql.registry.region IS 'The region, or global.';
COMMENT ON COLUMN iasql.registry.table_oid IS 'Tells incarnations of a table apart: row_key means a row of that one.';
COMMENT ON COLUMN iasql.registry.row_key IS 'The row''s primary key as text; empty where none was ever paired.';

CREATE TABLE iasql.epoch (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  value bigint NOT NULL
);
INSERT INTO iasql.epoch (value) VALUES (0);
COMMENT ON TABLE iasql.epoch IS 'Updated by every writer: a stale snapshot in REPEATABLE READ fails here, before any call to AWS.';
