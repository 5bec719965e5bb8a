CREATE TABLE public.cluster (
  id serial PRIMARY KEY,
  cluster_name text NOT NULL,
  cluster_arn text,
  cluster_status text,
  region text,
  tags jsonb,
  CONSTRAINT cluster_region_given CHECK (region IS NOT NULL),
  CONSTRAINT cluster_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region),
  CONSTRAINT cluster_name_key UNIQUE (cluster_name, region)
);

COMMENT ON TABLE public.cluster IS 'Clusters (ECS): what services run in.';
COMMENT ON COLUMN public.cluster.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.cluster.cluster_name IS
  'Input, required. The name, at most 255 letters, digits, underscores and hyphens. A change replaces the cluster.';
COMMENT ON COLUMN public.cluster.cluster_arn IS 'Output. The Amazon resource name.';
COMMENT ON COLUMN public.cluster.cluster_status IS 'Output. ACTIVE, PROVISIONING, DEPROVISIONING or FAILED.';
COMMENT ON COLUMN public.cluster.region IS
  'Input. The AWS region; default_aws_region() where NULL. A change replaces the cluster.';
COMMENT ON COLUMN public.cluster.tags IS 'Input. AWS tags as an object of strings. A change updates the cluster.';

CREATE TABLE public.task_definition (
  id serial PRIMARY KEY,
  task_definition_arn text,
  family text NOT NULL,
  revision integer,
  status text,
  cpu_memory text,
  task_role_name text REFERENCES public.role (role_name),
  execution_role_name text REFERENCES public.role (role_name),
  region text,
  tags jsonb,
  -- The sizes of a Fargate task that these tables can say.
  CONSTRAINT task_definition_cpu_memory_is_a_fargate_size CHECK (cpu_memory IN ('',
    'vCPU0.25-0.5GB', 'vCPU0.25-1GB', 'vCPU0.25-2GB',
    'vCPU0.5-1GB', 'vCPU0.5-2GB', 'vCPU0.5-3GB', 'vCPU0.5-4GB',
    'vCPU1-2GB', 'vCPU1-3GB', 'vCPU1-4GB', 'vCPU1-5GB', 'vCPU1-6GB', 'vCPU1-7GB', 'vCPU1-8GB',
    'vCPU2-4GB', 'vCPU2-5GB', 'vCPU2-6GB', 'vCPU2-7GB', 'vCPU2-8GB', 'vCPU2-9GB', 'vCPU2-10GB', 'vCPU2-11GB',
    'vCPU2-12GB', 'vCPU2-13GB', 'vCPU2-14GB', 'vCPU2-15GB', 'vCPU2-16GB',
    'vCPU4-8GB', 'vCPU4-9GB', 'vCPU4-10GB', 'vCPU4-11GB', 'vCPU4-12GB', 'vCPU4-13GB', 'vCPU4-14GB', 'vCPU4-15GB',
    'vCPU4-16GB', 'vCPU4-17GB', 'vCPU4-18GB', 'vCPU4-19GB', 'vCPU4-20GB', 'vCPU4-21GB', 'vCPU4-22GB', 'vCPU4-23GB',
    'vCPU4-24GB', 'vCPU4-25GB', 'vCPU4-26GB', 'vCPU4-27GB', 'vCPU4-28GB', 'vCPU4-29GB', 'vCPU4-30GB')),
  CONSTRAINT task_definition_region_given CHECK (region IS NOT NULL),
  CONSTRAINT task_definition_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region)
);

COMMENT ON TABLE public.task_definition IS
  'Task definitions for Fargate (ECS): the newest active revision of each family, and those that services use. A change registers a new revision, moves the services of the row to it and deregisters the one before.';
COMMENT ON COLUMN public.task_definition.id IS 'Key. The row''s number in this database, the same for all revisions.';
COMMENT ON COLUMN public.task_definition.task_definition_arn IS 'Output. The Amazon resource name, with the revision.';
COMMENT ON COLUMN public.task_definition.family IS
  'Input, required. The name that its revisions share, at most 255 letters, digits, underscores and hyphens. A change registers a revision in the other family.';
COMMENT ON COLUMN public.task_definition.revision IS 'Output. The number of the revision.';
COMMENT ON COLUMN public.task_definition.status IS 'Output. ACTIVE, or INACTIVE once deregistered.';
COMMENT ON COLUMN public.task_definition.cpu_memory IS
  'Input, required by Fargate. Its size, vCPU0.25-0.5GB to vCPU4-30GB: 0.25 vCPU with 0.5, 1 or 2 GB, 0.5 with 1 to 4, 1 with 2 to 8, 2 with 4 to 16, 4 with 8 to 30; NULL for a size that is none of these. A change registers a new revision.';
COMMENT ON COLUMN public.task_definition.task_role_name IS
  'Input. The role that the containers have: a row of role, by its name. A change registers a new revision.';
COMMENT ON COLUMN public.task_definition.execution_role_name IS
  'Input. The role with which ECS fetches images and writes logs: a row of role, by its name. A change registers a new revision.';
COMMENT ON COLUMN public.task_definition.region IS
  'Input. The AWS region; default_aws_region() where NULL. A change registers it there and deregisters it here.';
COMMENT ON COLUMN public.task_definition.tags IS
  'Input. AWS tags as an object of strings. A change updates the revision.';

CREATE TABLE public.container_definition (
  id serial PRIMARY KEY,
  name text NOT NULL,
  image text,
  tag text,
  digest text,
  essential boolean DEFAULT false,
  cpu integer,
  memory integer,
  memory_reservation integer,
  host_port integer,
  container_port integer,
  protocol text,
  env_variables text,
  task_definition_id integer REFERENCES public.task_definition (id) ON DELETE CASCADE ON UPDATE CASCADE,
  repository_id integer REFERENCES public.repository (id),
  public_repository_id integer REFERENCES public.public_repository (id),
  log_group_id integer REFERENCES public.log_group (id),
  region text,
  CONSTRAINT container_definition_essential_given CHECK (essential IS NOT NULL),
  CONSTRAINT container_definition_image_or_repository
    CHECK (num_nonnulls(nullif(image, ''), repository_id, public_repository_id) > 0),
  CONSTRAINT container_definition_tag_or_digest CHECK (num_nonnulls(nullif(tag, ''), nullif(digest, '')) < 2),
  CONSTRAINT container_definition_protocol_is_tcp_or_udp CHECK (protocol IN ('', 'tcp', 'udp')),
  CONSTRAINT container_definition_env_variables_is_json_object
    CHECK (CASE WHEN env_variables <> '' THEN jsonb_typeof(env_variables::jsonb) = 'object' END),
  CONSTRAINT container_definition_region_given CHECK (region IS NOT NULL),
  CONSTRAINT container_definition_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region),
  CONSTRAINT container_definition_name_key UNIQUE (task_definition_id, name)
);

COMMENT ON TABLE public.container_definition IS
  'The containers of task definitions (ECS), members of their requests: a change in one registers a new revision of its task definition.';
COMMENT ON COLUMN public.container_definition.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.container_definition.name IS
  'Input, required. The name, unique within the task definition. A change makes it another container.';
COMMENT ON COLUMN public.container_definition.image IS
  'Input. The image by its name, such as nginx or quay.io/team/app; it, repository_id or public_repository_id is required, and it comes first.';
COMMENT ON COLUMN public.container_definition.tag IS 'Input. The image''s tag; latest where tag and digest are NULL.';
COMMENT ON COLUMN public.container_definition.digest IS
  'Input. The image''s digest, sha256:…, instead of a tag.';
COMMENT ON COLUMN public.container_definition.essential IS
  'Input, false by default. Whether the whole task stops when this container does; a task definition needs one that is.';
COMMENT ON COLUMN public.container_definition.cpu IS 'Input. CPU units reserved for it, 1024 to a vCPU; AWS''s default where NULL.';
COMMENT ON COLUMN public.container_definition.memory IS 'Input. MiB at which it is stopped; at most the task''s memory.';
COMMENT ON COLUMN public.container_definition.memory_reservation IS 'Input. MiB reserved for it.';
COMMENT ON COLUMN public.container_definition.host_port IS
  'Input. The port of the task; with Fargate the same as container_port, and taken from it where NULL.';
COMMENT ON COLUMN public.container_definition.container_port IS
  'Input. The port on which it listens; of several the first. A load balancer sends to it.';
COMMENT ON COLUMN public.container_definition.protocol IS 'Input. tcp, the default, or udp: the protocol of container_port.';
COMMENT ON COLUMN public.container_definition.env_variables IS
  'Input. Its environment as a JSON object of strings, such as {"PORT": "8088"}; ''{}'' for none. Not for secrets: whoever may read task definitions can read it.';
COMMENT ON COLUMN public.container_definition.task_definition_id IS
  'Input, required to have an effect. The task definition: a row of task_definition, by its number.';
COMMENT ON COLUMN public.container_definition.repository_id IS
  'Input. The image''s repository: a row of repository, by its number.';
COMMENT ON COLUMN public.container_definition.public_repository_id IS
  'Input. The image''s public repository: a row of public_repository, by its number.';
COMMENT ON COLUMN public.container_definition.log_group_id IS
  'Input. Where its output is logged: a row of log_group, by its number. The streams'' names begin with awslogs-<name>.';
COMMENT ON COLUMN public.container_definition.region IS
  'The AWS region, always the task definition''s.';

CREATE TABLE public.service (
  id serial PRIMARY KEY,
  name text NOT NULL,
  arn text,
  status text,
  desired_count integer NOT NULL,
  subnets text[] NOT NULL,
  assign_public_ip text DEFAULT 'DISABLED',
  force_new_deployment boolean DEFAULT false,
  cluster_id integer REFERENCES public.cluster (id),
  task_definition_id integer REFERENCES public.task_definition (id),
  target_group_id integer REFERENCES public.target_group (id),
  region text,
  tags jsonb,
  CONSTRAINT service_assign_public_ip_given CHECK (assign_public_ip IS NOT NULL),
  CONSTRAINT service_force_new_deployment_given CHECK (force_new_deployment IS NOT NULL),
  CONSTRAINT service_region_given CHECK (region IS NOT NULL),
  CONSTRAINT service_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region),
  CONSTRAINT service_name_key UNIQUE NULLS NOT DISTINCT (name, cluster_id, region)
);

COMMENT ON TABLE public.service IS
  'Services on Fargate (ECS): how many tasks of a task definition shall run, where, and behind which target group. Apply does not wait for the tasks; deleting one scales it to zero and waits until its tasks have stopped.';
COMMENT ON COLUMN public.service.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.service.name IS
  'Input, required. The name, unique within its cluster, at most 255 letters, digits, underscores and hyphens. A change replaces the service.';
COMMENT ON COLUMN public.service.arn IS 'Output. The Amazon resource name.';
COMMENT ON COLUMN public.service.status IS 'Output. ACTIVE, or DRAINING while it is being deleted.';
COMMENT ON COLUMN public.service.desired_count IS 'Input, required. How many tasks shall run. A change updates the service.';
COMMENT ON COLUMN public.service.subnets IS
  'Input, required. The ids in AWS of the subnets in which tasks run (subnet.subnet_id). A change updates the service.';
COMMENT ON COLUMN public.service.assign_public_ip IS
  'Input. ENABLED or DISABLED, the default: whether tasks get a public address, which they need to fetch images where there is no NAT gateway or endpoint. A change updates the service.';
COMMENT ON COLUMN public.service.force_new_deployment IS
  'Input. true starts new tasks in place of all that run, once: the next apply turns it back to false.';
COMMENT ON COLUMN public.service.cluster_id IS
  'Input. The cluster: a row of cluster, by its number; the cluster named default where NULL. A change replaces the service.';
COMMENT ON COLUMN public.service.task_definition_id IS
  'Input, required by AWS. What the tasks are: a row of task_definition, by its number. A change updates the service.';
COMMENT ON COLUMN public.service.target_group_id IS
  'Input. The target group that its tasks join, with the port of the first essential container that has one: a row of target_group, by its number. A change updates the service.';
COMMENT ON COLUMN public.service.region IS
  'Input. The AWS region; the cluster''s where NULL. A change replaces the service.';
COMMENT ON COLUMN public.service.tags IS 'Input. AWS tags as an object of strings. A change updates the service.';

CREATE TABLE public.service_security_groups (
  service_id integer NOT NULL REFERENCES public.service (id) ON DELETE CASCADE ON UPDATE CASCADE,
  security_group_id integer NOT NULL REFERENCES public.security_group (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT service_security_groups_pkey PRIMARY KEY (service_id, security_group_id)
);

COMMENT ON TABLE public.service_security_groups IS
  'Which security groups the tasks of a service have; those of one without any have their VPC''s default group. A change updates the service.';
COMMENT ON COLUMN public.service_security_groups.service_id IS
  'Key, input, required. The service: a row of service, by its number.';
COMMENT ON COLUMN public.service_security_groups.security_group_id IS
  'Key, input, required. The group: a row of security_group, by its number.';
