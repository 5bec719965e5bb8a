-- The account this database is connected to. No role but the extension's owner may read the table, and pg_dump skips
-- it as it skips every table of an extension: a restored copy has to be connected again.

CREATE TABLE iasql.connection (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  account_id text NOT NULL CHECK (account_id ~ '^[0-9]{12}$'),
  access_key_id text NOT NULL,
  region text NOT NULL CHECK (region ~ '^[a-z0-9-]{1,63}$'),
  sealed bytea,
  connected_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT connection_access_key_id_check CHECK (
    access_key_id ~ '^[A-Za-z0-9_]{16,128}$'
    OR access_key_id ~ ('^arn:[a-z-]+:iam::' || account_id || ':role/[A-Za-z0-9_+=,.@/-]{1,255}$'))
);

REVOKE ALL ON TABLE iasql.connection FROM PUBLIC;

COMMENT ON TABLE iasql.connection IS
  'The AWS account that the database stands for, in one row.';
COMMENT ON COLUMN iasql.connection.access_key_id IS
  'The id of the key, or the ARN of the account''s role that is assumed instead.';
COMMENT ON COLUMN iasql.connection.sealed IS
  'The key or the role''s external id, which only the server with the file iasql.key_file can open; NULL once it was forgotten.';

CREATE FUNCTION iasql.system_identity(OUT system_identifier text, OUT database_oid oid, OUT public_key bytea)
  RETURNS SETOF record LANGUAGE c VOLATILE PARALLEL UNSAFE
  AS 'MODULE_PATHNAME', 'iasql_system_identity';
REVOKE ALL ON FUNCTION iasql.system_identity() FROM PUBLIC;
COMMENT ON FUNCTION iasql.system_identity() IS
  $$What an AWS key for this database is sealed with: the cluster's identifier, the database's oid and the public half of the server's key. For "iasql connect".
Example: SELECT * FROM iasql.system_identity();$$;

CREATE FUNCTION iasql.connect(account_id text, access_key_id text, region text, sealed bytea)
  RETURNS void LANGUAGE c STRICT VOLATILE PARALLEL UNSAFE
  AS 'MODULE_PATHNAME', 'iasql_connect';
REVOKE ALL ON FUNCTION iasql.connect(text, text, text, bytea) FROM PUBLIC;
COMMENT ON FUNCTION iasql.connect(text, text, text, bytea) IS
  $$Connects an AWS account, or gives the connected one another key. Called by "iasql connect" with the sealed key as a bound parameter.
Example: SELECT iasql.connect($1, $2, $3, $4);$$;

CREATE FUNCTION iasql.wrap_key_again()
  RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE
  AS 'MODULE_PATHNAME', 'iasql_wrap_key_again';
REVOKE ALL ON FUNCTION iasql.wrap_key_again() FROM PUBLIC;
COMMENT ON FUNCTION iasql.wrap_key_again() IS
  $$Wraps the stored AWS key for the server's current key where it is wrapped for a former one. Called by "iasql rotate --outer-key" in every database.
Example: SELECT iasql.wrap_key_again();$$;

CREATE FUNCTION iasql.disconnect()
  RETURNS void LANGUAGE sql VOLATILE PARALLEL UNSAFE
  SET search_path = pg_catalog, pg_temp
  AS 'UPDATE iasql.connection SET sealed = NULL';
REVOKE ALL ON FUNCTION iasql.disconnect() FROM PUBLIC;
COMMENT ON FUNCTION iasql.disconnect() IS
  $$Forgets the AWS key. Rows and plans stay; nothing can be applied or synced until the account is connected again.
Example: SELECT iasql.disconnect();$$;
