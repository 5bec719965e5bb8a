-- Any AWS operation, and what there is of them.

CREATE FUNCTION iasql.aws(service text, operation text, input jsonb DEFAULT '{}', region text DEFAULT NULL)
  RETURNS SETOF jsonb LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_aws';
COMMENT ON FUNCTION iasql.aws(text, text, jsonb, text) IS
  $$Calls any AWS operation, in the default region where none is named, and returns its output, a row for each page. What may change the account is refused in a read-only transaction, takes effect at once, and is not in iasql.history.
Example: SELECT iasql.aws('ec2', 'DescribeInstances', '{"Filters": [{"Name": "instance-state-name", "Values": ["running"]}]}');$$;

CREATE FUNCTION iasql.aws_members(service text, operation text)
  RETURNS TABLE (direction text, path text, type text, required boolean, allowed_values text[], sensitive boolean,
                 members_at text)
  LANGUAGE c STRICT VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_aws_members';
COMMENT ON FUNCTION iasql.aws_members(text, text) IS
  $$The members of an AWS operation's input and output. A structure that is in several places is listed at one of them, which members_at names at the others.
Example: SELECT path, type, required FROM iasql.aws_members('sqs', 'CreateQueue') WHERE direction = 'input';$$;

CREATE FUNCTION iasql.aws_service_list()
  RETURNS TABLE (service text, full_name text, api_version text, protocol text, signing_name text, operations integer,
                 supported boolean, unsupported_because text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE ROWS 440 AS 'MODULE_PATHNAME', 'iasql_aws_service_list';
COMMENT ON FUNCTION iasql.aws_service_list() IS
  $$The rows of the view iasql.aws_services.
Example: SELECT service, full_name FROM iasql.aws_service_list() WHERE full_name ILIKE '%queue%';$$;

CREATE FUNCTION iasql.aws_operation_list()
  RETURNS TABLE (service text, operation text, read_only boolean, paginated boolean, supported boolean,
                 unsupported_because text, documentation text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE ROWS 20000 AS 'MODULE_PATHNAME', 'iasql_aws_operation_list';
COMMENT ON FUNCTION iasql.aws_operation_list() IS
  $$The rows of the view iasql.aws_operations.
Example: SELECT operation FROM iasql.aws_operation_list() WHERE service = 'sqs' AND read_only;$$;

CREATE VIEW iasql.aws_services AS SELECT * FROM iasql.aws_service_list();
COMMENT ON VIEW iasql.aws_services IS
  'The AWS services that iasql.aws() knows.';
COMMENT ON COLUMN iasql.aws_services.service IS 'The name by which iasql.aws() takes it.';
COMMENT ON COLUMN iasql.aws_services.full_name IS 'What AWS calls it.';
COMMENT ON COLUMN iasql.aws_services.api_version IS 'Version of its interface.';
COMMENT ON COLUMN iasql.aws_services.protocol IS 'How it is spoken to.';
COMMENT ON COLUMN iasql.aws_services.signing_name IS 'Its name in signatures, and mostly in IAM actions.';
COMMENT ON COLUMN iasql.aws_services.operations IS 'How many operations it has.';
COMMENT ON COLUMN iasql.aws_services.supported IS 'Whether iasql.aws() can call it.';
COMMENT ON COLUMN iasql.aws_services.unsupported_because IS 'Why not; NULL where it can.';

CREATE VIEW iasql.aws_operations AS SELECT * FROM iasql.aws_operation_list();
COMMENT ON VIEW iasql.aws_operations IS
  'The operations of the AWS services that iasql.aws() knows; iasql.aws_members() lists the members of one.';
COMMENT ON COLUMN iasql.aws_operations.service IS 'The name by which iasql.aws() takes the service.';
COMMENT ON COLUMN iasql.aws_operations.operation IS 'The name by which iasql.aws() takes the operation.';
COMMENT ON COLUMN iasql.aws_operations.read_only IS
  'Whether it changes nothing: such an operation may be called in a read-only transaction and is repeated when an answer is lost.';
COMMENT ON COLUMN iasql.aws_operations.paginated IS 'Whether its output comes in pages, each of which is a row.';
COMMENT ON COLUMN iasql.aws_operations.supported IS 'Whether iasql.aws() can call it.';
COMMENT ON COLUMN iasql.aws_operations.unsupported_because IS 'Why not; NULL where it can.';
COMMENT ON COLUMN iasql.aws_operations.documentation IS 'Where AWS describes it.';
