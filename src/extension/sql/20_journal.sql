-- The journal: what was about to be done to AWS and what came of it. The worker INSERTs and commits intents and outcomes,
-- the calling transaction INSERTs fold marks; nobody updates a record. Backend and worker share no unique key and no
-- foreign key here, so neither ever waits for the other.

CREATE TABLE iasql.intent (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  account text NOT NULL,
  transaction xid8 NOT NULL,
  backend integer NOT NULL,
  at timestamptz NOT NULL,
  role text NOT NULL,
  effect text NOT NULL CHECK (effect IN ('create', 'update', 'delete')),
  table_name text NOT NULL,
  region text NOT NULL,
  table_oid oid NOT NULL,
  row_key text NOT NULL,
  cloud_id text NOT NULL,
  description text NOT NULL,
  columns jsonb NOT NULL,
  service text NOT NULL,
  operation text NOT NULL,
  token text NOT NULL,
  adoption boolean NOT NULL,
  replaced text NOT NULL
);
COMMENT ON TABLE iasql.intent IS 'Written before a call to AWS.';
CREATE INDEX intent_transaction ON iasql.intent (transaction);
COMMENT ON COLUMN iasql.intent.account IS 'The AWS account it is about.';
COMMENT ON COLUMN iasql.intent.transaction IS 'The caller''s top-level transaction.';
COMMENT ON COLUMN iasql.intent.columns IS 'What is sent, by column, without secrets.';

CREATE TABLE iasql.outcome (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  intent bigint NOT NULL,
  at timestamptz NOT NULL,
  result text NOT NULL CHECK (result IN ('created', 'updated', 'deleted', 'nothing')),
  cloud_id text NOT NULL,
  columns jsonb NOT NULL,
  request_id text NOT NULL,
  error text NOT NULL
);
CREATE INDEX outcome_intent ON iasql.outcome (intent);
CREATE INDEX outcome_at ON iasql.outcome (at);
COMMENT ON TABLE iasql.outcome IS 'Written after a call to AWS.';

CREATE TABLE iasql.fold_mark (
  intent bigint PRIMARY KEY,
  transaction xid8 NOT NULL DEFAULT pg_catalog.pg_current_xact_id()
);
CREATE INDEX fold_mark_transaction ON iasql.fold_mark (transaction);
COMMENT ON TABLE iasql.fold_mark IS 'Intents whose outcome the registry has taken in.';

CREATE TABLE iasql.unfolded (
  intent bigint NOT NULL
);
CREATE INDEX unfolded_intent ON iasql.unfolded (intent);
COMMENT ON TABLE iasql.unfolded IS
  'Intents that may have no fold mark, so that nobody looks through the others: the worker adds one, the transaction that marks it takes it away. One that has a mark all the same does no harm.';

CREATE TABLE iasql.worker_probe (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  at timestamptz NOT NULL
);
INSERT INTO iasql.worker_probe (at) VALUES (pg_catalog.now());
COMMENT ON TABLE iasql.worker_probe IS 'When the journal''s worker last showed that it can commit.';

CREATE TABLE iasql.history_archive (
  intent bigint NOT NULL,
  at timestamptz NOT NULL,
  role text NOT NULL,
  effect text NOT NULL,
  table_name text NOT NULL,
  region text NOT NULL,
  description text NOT NULL,
  cloud_id text NOT NULL,
  concluded_at timestamptz,
  result text,
  request_id text,
  error text,
  archived_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
CREATE INDEX history_archive_intent ON iasql.history_archive (intent);
COMMENT ON TABLE iasql.history_archive IS 'What iasql.history shows of records that the journal no longer needs.';

CREATE VIEW iasql.history AS
  SELECT intent.at AS "when", intent.role AS who, intent.effect AS action, intent.table_name, intent.description,
         outcome.request_id AS aws_request_id,
         CASE WHEN outcome.id IS NULL THEN 'outcome not known' ELSE nullif(outcome.error, '') END AS error,
         intent.region, coalesce(nullif(outcome.cloud_id, ''), intent.cloud_id) AS cloud_id,
         outcome.at - intent.at AS took
  FROM iasql.intent LEFT JOIN iasql.outcome ON outcome.intent = intent.id
  UNION ALL
  SELECT at, role, effect, table_name, description, request_id,
         CASE WHEN result IS NULL THEN 'outcome not known' ELSE nullif(error, '') END,
         region, cloud_id, concluded_at - at
  FROM iasql.history_archive;
COMMENT ON VIEW iasql.history IS 'Every change that was ever made, or tried, in the AWS account from this database.';

COMMENT ON COLUMN iasql.history."when" IS 'When the call was about to be made.';
COMMENT ON COLUMN iasql.history.who IS 'The role that asked for it.';
COMMENT ON COLUMN iasql.history.action IS 'create, update or delete; a replace is one of each.';
COMMENT ON COLUMN iasql.history.table_name IS 'The table of the object.';
COMMENT ON COLUMN iasql.history.description IS 'The object, as iasql_plan_apply() names it.';
COMMENT ON COLUMN iasql.history.aws_request_id IS 'AWS''s name for the request.';
COMMENT ON COLUMN iasql.history.error IS 'Why it had no effect, or that nobody knows yet whether it had; NULL where it succeeded.';
COMMENT ON COLUMN iasql.history.region IS 'The AWS region, or global.';
COMMENT ON COLUMN iasql.history.cloud_id IS 'The object''s id in AWS; empty for one that was not created.';
COMMENT ON COLUMN iasql.history.took IS 'How long the call took.';

-- What has no outcome is among the unfolded; the newest record's transaction is the one that is under way, if any is.
CREATE VIEW iasql.progress AS
  SELECT intent.at AS started,
         coalesce(outcome.at, pg_catalog.clock_timestamp()) - intent.at AS elapsed,
         intent.backend AS pid,
         intent.role AS who,
         pg_catalog.pg_xact_status(intent.transaction) AS transaction_state,
         intent.effect AS action,
         intent.table_name,
         intent.description,
         intent.region,
         CASE WHEN outcome.result = 'nothing' THEN 'failed'
              WHEN outcome.result IS NOT NULL THEN 'done'
              WHEN pg_catalog.pg_xact_status(intent.transaction) = 'in progress'
                   AND intent.transaction IS DISTINCT FROM pg_catalog.pg_current_xact_id_if_assigned() THEN 'running'
              ELSE 'in doubt' END AS state,
         intent.service || ':' || intent.operation AS aws_operation,
         nullif(outcome.request_id, '') AS aws_request_id,
         nullif(outcome.error, '') AS error
  FROM iasql.intent LEFT JOIN iasql.outcome ON outcome.intent = intent.id
  WHERE intent.transaction = (SELECT newest.transaction FROM iasql.intent AS newest ORDER BY newest.id DESC LIMIT 1)
     OR outcome.id IS NULL AND intent.id IN (SELECT unfolded.intent FROM iasql.unfolded)
  ORDER BY intent.id;
COMMENT ON VIEW iasql.progress IS
  'The writes to AWS of the apply that runs, or of the latest one, call by call, and every write whose outcome is not known yet. Other sessions see each row as soon as it is there. A sync only reads, so it has rows only for what it finds out of earlier writes.';
COMMENT ON COLUMN iasql.progress.started IS 'When the call was about to be made.';
COMMENT ON COLUMN iasql.progress.elapsed IS 'How long it took, or has been under way or in doubt.';
COMMENT ON COLUMN iasql.progress.pid IS 'The session''s process, as in pg_stat_activity.';
COMMENT ON COLUMN iasql.progress.who IS 'The role that called iasql_apply().';
COMMENT ON COLUMN iasql.progress.transaction_state IS
  'Of the transaction that iasql_apply() was called in: in progress, committed or aborted; NULL where it is too long ago. What was done in AWS stays done whatever becomes of it.';
COMMENT ON COLUMN iasql.progress.action IS 'create, update or delete; a replace is one of each.';
COMMENT ON COLUMN iasql.progress.table_name IS 'The table of the object.';
COMMENT ON COLUMN iasql.progress.description IS 'The object, as iasql_plan_apply() names it.';
COMMENT ON COLUMN iasql.progress.region IS 'The AWS region, or global.';
COMMENT ON COLUMN iasql.progress.state IS
  'running; done; failed, where AWS refused and nothing was changed; or in doubt, where no answer came: the next iasql_apply() or iasql_sync() finds out.';
COMMENT ON COLUMN iasql.progress.aws_operation IS 'The call, such as ecr:CreateRepository.';
COMMENT ON COLUMN iasql.progress.aws_request_id IS 'AWS''s name for the request, once it answered.';
COMMENT ON COLUMN iasql.progress.error IS 'Why it failed.';
