# This is an auto-generated Django model module.
# You'll have to do the following manually to clean this up:
#   * Rearrange models' order
#   * Make sure each model has one field with primary_key=True
#   * Make sure each ForeignKey and OneToOneField has `on_delete` set to the desired behavior
#   * Remove `managed = False` lines if you wish to allow Django to create, modify, and delete the table
# Feel free to rename the models, but don't rename db_table values or field names.
from django.contrib.postgres.fields import ArrayField
from django.db import models


class AwsAccount(models.Model):
    access_key_id = models.TextField(db_comment='Output. The access key in use. "iasql connect" changes it.')
    region = models.TextField(db_comment='Output. The region given to "iasql connect".')
    account_id = models.TextField(blank=True, null=True, db_comment="Output. The account's twelve digits.")

    class Meta:
        managed = False
        db_table = 'aws_account'
        db_table_comment = 'The connected AWS account: one row, no secret. Made by "iasql connect".'


class AwsRegions(models.Model):
    region = models.TextField(primary_key=True, db_comment="Key. The region's name in AWS, such as eu-west-2.")
    is_default = models.BooleanField(unique=True, blank=True, null=True, db_comment='Input. Whether new rows that name no region belong to this one; true for at most one row. Set it with default_aws_region(region).')
    is_enabled = models.BooleanField(blank=True, null=True, db_comment='Input. Whether iasql works in the region. After true, the next iasql_sync() imports what is there; after false, it removes the rows of that region, and AWS keeps the objects.')

    class Meta:
        managed = False
        db_table = 'aws_regions'
        db_table_comment = 'The regions that the account may use, and those of them in which iasql works.'


class Cluster(models.Model):
    cluster_name = models.TextField(db_comment='Input, required. The name, at most 255 letters, digits, underscores and hyphens. A change replaces the cluster.')
    cluster_arn = models.TextField(blank=True, null=True, db_comment='Output. The Amazon resource name.')
    cluster_status = models.TextField(blank=True, null=True, db_comment='Output. ACTIVE, PROVISIONING, DEPROVISIONING or FAILED.')
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment='Input. The AWS region; default_aws_region() where NULL. A change replaces the cluster.')
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the cluster.')

    class Meta:
        managed = False
        db_table = 'cluster'
        unique_together = (('cluster_name', 'region'),)
        db_table_comment = 'Clusters (ECS): what services run in.'


class ContainerDefinition(models.Model):
    name = models.TextField(db_comment='Input, required. The name, unique within the task definition. A change makes it another container.')
    image = models.TextField(blank=True, null=True, db_comment='Input. The image by its name, such as nginx or quay.io/team/app; it, repository_id or public_repository_id is required, and it comes first.')
    tag = models.TextField(blank=True, null=True, db_comment="Input. The image's tag; latest where tag and digest are NULL.")
    digest = models.TextField(blank=True, null=True, db_comment="Input. The image's digest, sha256:…, instead of a tag.")
    essential = models.BooleanField(blank=True, null=True, db_comment='Input, false by default. Whether the whole task stops when this container does; a task definition needs one that is.')
    cpu = models.IntegerField(blank=True, null=True, db_comment="Input. CPU units reserved for it, 1024 to a vCPU; AWS's default where NULL.")
    memory = models.IntegerField(blank=True, null=True, db_comment="Input. MiB at which it is stopped; at most the task's memory.")
    memory_reservation = models.IntegerField(blank=True, null=True, db_comment='Input. MiB reserved for it.')
    host_port = models.IntegerField(blank=True, null=True, db_comment='Input. The port of the task; with Fargate the same as container_port, and taken from it where NULL.')
    container_port = models.IntegerField(blank=True, null=True, db_comment='Input. The port on which it listens; of several the first. A load balancer sends to it.')
    protocol = models.TextField(blank=True, null=True, db_comment='Input. tcp, the default, or udp: the protocol of container_port.')
    env_variables = models.TextField(blank=True, null=True, db_comment='Input. Its environment as a JSON object of strings, such as {"PORT": "8088"}; \'{}\' for none. Not for secrets: whoever may read task definitions can read it.')
    task_definition = models.ForeignKey('TaskDefinition', models.DO_NOTHING, blank=True, null=True, db_comment='Input, required to have an effect. The task definition: a row of task_definition, by its number.')
    repository = models.ForeignKey('Repository', models.DO_NOTHING, blank=True, null=True, db_comment="Input. The image's repository: a row of repository, by its number.")
    public_repository = models.ForeignKey('PublicRepository', models.DO_NOTHING, blank=True, null=True, db_comment="Input. The image's public repository: a row of public_repository, by its number.")
    log_group = models.ForeignKey('LogGroup', models.DO_NOTHING, blank=True, null=True, db_comment="Input. Where its output is logged: a row of log_group, by its number. The streams' names begin with awslogs-<name>.")
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment="The AWS region, always the task definition's.")

    class Meta:
        managed = False
        db_table = 'container_definition'
        unique_together = (('task_definition', 'name'),)
        db_table_comment = 'The containers of task definitions (ECS), members of their requests: a change in one registers a new revision of its task definition.'


class DjangoMigrations(models.Model):
    app = models.TextField(max_length=255)
    name = models.TextField(max_length=255)
    applied = models.DateTimeField()

    class Meta:
        managed = False
        db_table = 'django_migrations'


class IasqlDependencies(models.Model):
    pk = models.CompositePrimaryKey('module', 'dependency')
    module = models.ForeignKey('IasqlModule', models.DO_NOTHING, db_column='module')
    dependency = models.ForeignKey('IasqlModule', models.DO_NOTHING, related_name='module', db_column='dependency')

    class Meta:
        managed = False
        db_table = 'iasql_dependencies'
        db_table_comment = 'Which installed module needs which. Kept by iasql.'


class IasqlModule(models.Model):
    name = models.TextField(primary_key=True)
    version = models.TextField()

    class Meta:
        managed = False
        db_table = 'iasql_module'
        db_table_comment = 'Installed modules. Kept by iasql; iasql_install() and iasql_uninstall() change it.'


class IasqlTables(models.Model):
    table = models.TextField(primary_key=True)
    module = models.ForeignKey(IasqlModule, models.DO_NOTHING, db_column='module')

    class Meta:
        managed = False
        db_table = 'iasql_tables'
        db_table_comment = 'The tables of installed modules. Kept by iasql.'


class Listener(models.Model):
    listener_arn = models.TextField(blank=True, null=True, db_comment='Output. The Amazon resource name.')
    port = models.IntegerField(db_comment='Input, required. The port, 1 to 65535, one listener for each. A change updates the listener.')
    protocol = models.TextField(db_comment='Input, required. HTTP or HTTPS for an application load balancer; TCP, TLS, UDP or TCP_UDP for a network load balancer. A change updates the listener.')
    action_type = models.TextField(blank=True, null=True, db_comment='Input. What the first default action does: forward, the default, is the one that iasql can make. A change updates the listener.')
    load_balancer = models.ForeignKey('LoadBalancer', models.DO_NOTHING, db_comment='Input, required. The load balancer it belongs to: a row of load_balancer, by its number. A change replaces the listener.')
    target_group = models.ForeignKey('TargetGroup', models.DO_NOTHING, blank=True, null=True, db_comment='Input, required by AWS to forward. The target group: a row of target_group, by its number. A change updates the listener.')
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment="Input. The AWS region; the load balancer's where NULL. A change replaces the listener.")
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the listener.')

    class Meta:
        managed = False
        db_table = 'listener'
        unique_together = (('load_balancer', 'port', 'region'),)
        db_table_comment = 'Listeners of load balancers (Elastic Load Balancing v2): on which port one listens, and where what it receives goes.'


class LoadBalancer(models.Model):
    load_balancer_name = models.TextField(db_comment='Input, required. The name, at most 32 letters, digits and hyphens. A change replaces the load balancer.')
    load_balancer_arn = models.TextField(blank=True, null=True, db_comment='Output. The Amazon resource name.')
    dns_name = models.TextField(blank=True, null=True, db_comment='Output. The host name under which it is reached.')
    canonical_hosted_zone_id = models.TextField(blank=True, null=True, db_comment='Output. The Route 53 zone of its host name.')
    created_time = models.DateTimeField(blank=True, null=True, db_comment='Output. When it was created.')
    scheme = models.TextField(db_comment='Input, required. internet-facing or internal; empty for a gateway, which has none. A change replaces the load balancer.')
    state = models.TextField(blank=True, null=True, db_comment='Output. provisioning, active, active_impaired or failed.')
    load_balancer_type = models.TextField(db_comment='Input, required. application, network or gateway. A change replaces the load balancer.')
    vpc = models.TextField(db_comment="Input, required. The id of its VPC in AWS (vpc.vpc_id), or default for the region's default VPC. A change replaces the load balancer.")
    subnets = models.TextField(blank=True, null=True, db_comment="Input. The ids in AWS of its subnets (subnet.subnet_id), one in each zone; where NULL all of the VPC's in the zones that availability_zones names. A change updates the load balancer.")  # This field type is a guess.
    availability_zones = models.TextField(blank=True, null=True, db_comment="Input. The zones of its subnets; where NULL all that the VPC has subnets in. A change updates the load balancer: it moves to the VPC's subnets in these zones.")  # This field type is a guess.
    ip_address_type = models.TextField(db_comment='Input, required. ipv4, dualstack or dualstack-without-public-ipv4. A change updates the load balancer.')
    customer_owned_ipv4_pool = models.TextField(blank=True, null=True, db_comment='Input. The address pool of an Outpost. A change replaces the load balancer.')
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment='Input. The AWS region; default_aws_region() where NULL. A change replaces the load balancer.')
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the load balancer.')

    class Meta:
        managed = False
        db_table = 'load_balancer'
        unique_together = (('load_balancer_name', 'region'),)
        db_table_comment = 'Load balancers (Elastic Load Balancing v2). Creating one takes minutes: apply waits until AWS says that it is active.'


class LoadBalancerSecurityGroups(models.Model):
    pk = models.CompositePrimaryKey('load_balancer_id', 'security_group_id')
    load_balancer = models.ForeignKey(LoadBalancer, models.DO_NOTHING, db_comment='Key, input, required. The load balancer: a row of load_balancer, by its number.')
    security_group = models.ForeignKey('SecurityGroup', models.DO_NOTHING, db_comment='Key, input, required. The group: a row of security_group, by its number.')

    class Meta:
        managed = False
        db_table = 'load_balancer_security_groups'
        db_table_comment = "Which security groups a load balancer has; AWS gives one without any its VPC's default group. A change updates the load balancer."


class LogGroup(models.Model):
    log_group_name = models.TextField(db_comment='Input, required. The name, 1 to 512 characters of A-Z, a-z, 0-9 and . - _ / #. A change replaces the log group.')
    log_group_arn = models.TextField(blank=True, null=True, db_comment='Output. The Amazon resource name, without ":*" at its end.')
    creation_time = models.DateTimeField(blank=True, null=True, db_comment='Output. When it was created.')
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment='Input. The AWS region; default_aws_region() where NULL. A change replaces the log group.')
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the log group.')

    class Meta:
        managed = False
        db_table = 'log_group'
        unique_together = (('log_group_name', 'region'),)
        db_table_comment = 'Log groups (CloudWatch Logs). Deleting one deletes its log events.'


class PublicRepository(models.Model):
    repository_name = models.TextField(unique=True, db_comment='Input, required. The name, 2 to 205 characters in lower case. A change replaces the repository.')
    repository_arn = models.TextField(blank=True, null=True, db_comment='Output. The Amazon resource name.')
    registry_id = models.TextField(blank=True, null=True, db_comment='Output. The account whose registry it is in.')
    repository_uri = models.TextField(blank=True, null=True, db_comment='Output. What "docker push" and "docker pull" take.')
    created_at = models.DateTimeField(blank=True, null=True, db_comment='Output. When it was created.')
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the repository.')

    class Meta:
        managed = False
        db_table = 'public_repository'
        db_table_comment = 'Public image repositories (ECR Public), in us-east-1 for every account. One that holds images is not deleted: AWS says so in an error.'


class Repository(models.Model):
    repository_name = models.TextField(db_comment='Input, required. The name, 2 to 256 characters in lower case. A change replaces the repository.')
    repository_arn = models.TextField(blank=True, null=True, db_comment='Output. The Amazon resource name.')
    registry_id = models.TextField(blank=True, null=True, db_comment='Output. The account whose registry it is in.')
    repository_uri = models.TextField(blank=True, null=True, db_comment='Output. What "docker push" and "docker pull" take.')
    created_at = models.DateTimeField(blank=True, null=True, db_comment='Output. When it was created.')
    image_tag_mutability = models.TextField(blank=True, null=True, db_comment="Input. MUTABLE (the default) or IMMUTABLE: whether a pushed image may take over another's tag. A change updates the repository.")
    scan_on_push = models.BooleanField(blank=True, null=True, db_comment='Input. Whether images are scanned when pushed, false by default. A change updates the repository.')
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment='Input. The AWS region; default_aws_region() where NULL. A change replaces the repository.')
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the repository.')

    class Meta:
        managed = False
        db_table = 'repository'
        unique_together = (('repository_name', 'region'),)
        db_table_comment = 'Private image repositories (ECR). One that holds images is not deleted: AWS says so in an error.'


class RepositoryPolicy(models.Model):
    registry_id = models.TextField(blank=True, null=True, db_comment='Output. The account whose registry the repository is in.')
    policy_text = models.TextField(blank=True, null=True, db_comment='Input, required by AWS. The policy as JSON, compared by meaning, not by spelling. A change updates the policy.')
    repository = models.ForeignKey(Repository, models.DO_NOTHING, db_comment='Input, required. The repository: a row of repository, by its number. A change replaces the policy.')
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment="Input. The AWS region; the repository's where NULL. A change replaces the policy.")

    class Meta:
        managed = False
        db_table = 'repository_policy'
        unique_together = (('repository', 'region'),)
        db_table_comment = 'Who may use a repository (ECR): at most one policy for each.'


class Role(models.Model):
    arn = models.TextField(blank=True, null=True, db_comment='Output. The Amazon resource name.')
    role_name = models.TextField(primary_key=True, db_comment='Key, input, required. The name, 1 to 64 characters of A-Z, a-z, 0-9 and + = , . @ _ -. A change replaces the role.')
    assume_role_policy_document = models.TextField(db_comment='Input, required. Who may take the role: the trust policy as JSON, compared by meaning, not by spelling. A change updates the role.')
    description = models.TextField(blank=True, null=True, db_comment='Input. What the role is for, at most 1000 characters. A change updates the role.')
    attached_policies_arns = ArrayField(models.TextField())
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the role.')

    class Meta:
        managed = False
        db_table = 'role'
        db_table_comment = "Roles (IAM), the same in all regions. Those of AWS's own services (path /aws-service-role/) are never deleted or replaced."


class SecurityGroup(models.Model):
    description = models.TextField(blank=True, null=True, db_comment='Input, required by AWS. What the group is for, at most 255 characters. A change replaces the group.')
    group_name = models.TextField(blank=True, null=True, db_comment='Input, required by AWS. The name, unique within its VPC, not beginning with sg-. A change replaces the group.')
    owner_id = models.TextField(blank=True, null=True, db_comment='Output. The account that owns it.')
    group_id = models.TextField(blank=True, null=True, db_comment="Output. AWS's id, sg-….")
    vpc_id = models.TextField(blank=True, null=True, db_comment="Input. The id of its VPC in AWS (vpc.vpc_id, not vpc.id); the region's default VPC where NULL. A change replaces the group.")
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment='Input. The AWS region; default_aws_region() where NULL. A change replaces the group.')
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the group.')

    class Meta:
        managed = False
        db_table = 'security_group'
        db_table_comment = "Security groups (EC2). The group named default of each VPC is AWS's own: it is never deleted or replaced."


class SecurityGroupRule(models.Model):
    security_group_rule_id = models.TextField(blank=True, null=True, db_comment="Output. AWS's id, sgr-….")
    is_egress = models.BooleanField(db_comment='Input, required. true for traffic out of the group, false for traffic into it. A change replaces the rule.')
    ip_protocol = models.TextField(db_comment='Input, required. tcp, udp, icmp, icmpv6, a protocol number, or -1 for all. A change updates the rule.')
    from_port = models.IntegerField(blank=True, null=True, db_comment='Input. The first port, or the ICMP type; -1 for all. AWS makes it -1 where ip_protocol is -1. A change updates the rule.')
    to_port = models.IntegerField(blank=True, null=True, db_comment='Input. The last port, or the ICMP code; -1 for all. AWS makes it -1 where ip_protocol is -1. A change updates the rule.')
    cidr_ipv4 = models.TextField(blank=True, null=True, db_comment='Input. The peers as an IPv4 network. A change updates the rule; another kind of peer replaces it.')  # This field type is a guess.
    cidr_ipv6 = models.TextField(blank=True, null=True, db_comment='Input. The peers as an IPv6 network. A change updates the rule; another kind of peer replaces it.')  # This field type is a guess.
    prefix_list_id = models.TextField(blank=True, null=True, db_comment='Input. The peers as a prefix list of AWS, pl-…. A change updates the rule; another kind of peer replaces it.')
    description = models.TextField(blank=True, null=True, db_comment='Input. What the rule is for, at most 255 characters. A change updates the rule.')
    security_group = models.ForeignKey(SecurityGroup, models.DO_NOTHING, blank=True, null=True, db_comment='Input, required by AWS. The group it belongs to: a row of security_group, by its number. A change replaces the rule.')
    referenced_group_id = models.TextField(blank=True, null=True, db_comment='Input. The peers as the members of a group, by its id in AWS (security_group.group_id). A change updates the rule; another kind of peer replaces it.')
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment="Input. The AWS region; the group's where NULL. A change replaces the rule.")
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the rule.')

    class Meta:
        managed = False
        db_table = 'security_group_rule'
        unique_together = (('security_group', 'is_egress', 'ip_protocol', 'from_port', 'to_port', 'cidr_ipv4', 'cidr_ipv6', 'prefix_list_id', 'referenced_group_id', 'region'),)
        db_table_comment = 'What a security group lets in (ingress) and out (egress): one peer in each row, which is one of cidr_ipv4, cidr_ipv6, prefix_list_id and referenced_group_id.'


class Service(models.Model):
    name = models.TextField(db_comment='Input, required. The name, unique within its cluster, at most 255 letters, digits, underscores and hyphens. A change replaces the service.')
    arn = models.TextField(blank=True, null=True, db_comment='Output. The Amazon resource name.')
    status = models.TextField(blank=True, null=True, db_comment='Output. ACTIVE, or DRAINING while it is being deleted.')
    desired_count = models.IntegerField(db_comment='Input, required. How many tasks shall run. A change updates the service.')
    subnets = ArrayField(models.TextField())
    assign_public_ip = models.TextField(blank=True, null=True, db_comment='Input. ENABLED or DISABLED, the default: whether tasks get a public address, which they need to fetch images where there is no NAT gateway or endpoint. A change updates the service.')
    force_new_deployment = models.BooleanField(default=False)
    cluster = models.ForeignKey(Cluster, models.DO_NOTHING, blank=True, null=True, db_comment='Input. The cluster: a row of cluster, by its number; the cluster named default where NULL. A change replaces the service.')
    task_definition = models.ForeignKey('TaskDefinition', models.DO_NOTHING, blank=True, null=True, db_comment='Input, required by AWS. What the tasks are: a row of task_definition, by its number. A change updates the service.')
    target_group = models.ForeignKey('TargetGroup', models.DO_NOTHING, blank=True, null=True, db_comment='Input. The target group that its tasks join, with the port of the first essential container that has one: a row of target_group, by its number. A change updates the service.')
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment="Input. The AWS region; the cluster's where NULL. A change replaces the service.")
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the service.')

    class Meta:
        managed = False
        db_table = 'service'
        unique_together = (('name', 'cluster', 'region'),)
        db_table_comment = 'Services on Fargate (ECS): how many tasks of a task definition shall run, where, and behind which target group. Apply does not wait for the tasks; deleting one scales it to zero and waits until its tasks have stopped.'


class ServiceSecurityGroups(models.Model):
    pk = models.CompositePrimaryKey('service_id', 'security_group_id')
    service = models.ForeignKey(Service, models.DO_NOTHING, db_comment='Key, input, required. The service: a row of service, by its number.')
    security_group = models.ForeignKey(SecurityGroup, models.DO_NOTHING, db_comment='Key, input, required. The group: a row of security_group, by its number.')

    class Meta:
        managed = False
        db_table = 'service_security_groups'
        db_table_comment = "Which security groups the tasks of a service have; those of one without any have their VPC's default group. A change updates the service."


class Subnet(models.Model):
    availability_zone = models.TextField(db_comment='Input, required. The zone, such as eu-west-2a. A change replaces the subnet.')
    state = models.TextField(blank=True, null=True, db_comment='Output. pending, available, unavailable or failed.')
    available_ip_address_count = models.IntegerField(blank=True, null=True, db_comment='Output. How many IPv4 addresses are free.')
    cidr_block = models.TextField(blank=True, null=True, db_comment="Input, required by AWS. The IPv4 network, within the VPC's. A change replaces the subnet.")
    subnet_id = models.TextField(blank=True, null=True, db_comment="Output. AWS's id, subnet-….")
    owner_id = models.TextField(blank=True, null=True, db_comment='Output. The account that owns it.')
    subnet_arn = models.TextField(blank=True, null=True, db_comment='Output. The Amazon resource name.')
    vpc = models.ForeignKey('Vpc', models.DO_NOTHING, db_comment='Input, required. The VPC it is in: a row of vpc, by its number (vpc.id). A change replaces the subnet.')
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment="Input. The AWS region; the VPC's where NULL. A change replaces the subnet.")
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the subnet.')

    class Meta:
        managed = False
        db_table = 'subnet'
        db_table_comment = "Subnets of VPCs (EC2). The default subnet of an availability zone is AWS's own: it is never deleted or replaced."


class TargetGroup(models.Model):
    target_group_name = models.TextField(db_comment='Input, required. The name, at most 32 letters, digits and hyphens. A change replaces the target group.')
    target_type = models.TextField(db_comment='Input, required. instance, ip (for Fargate), lambda or alb. A change replaces the target group.')
    target_group_arn = models.TextField(blank=True, null=True, db_comment='Output. The Amazon resource name.')
    ip_address_type = models.TextField(blank=True, null=True, db_comment="Input. ipv4 or ipv6; AWS's default where NULL. A change replaces the target group.")
    protocol = models.TextField(blank=True, null=True, db_comment='Input, required by AWS unless the target type is lambda. HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP or GENEVE. A change replaces the target group.')
    port = models.IntegerField(blank=True, null=True, db_comment='Input, required by AWS unless the target type is lambda. The port on which targets listen. A change replaces the target group.')
    vpc = models.TextField(db_comment="Input, required. The id of the targets' VPC in AWS (vpc.vpc_id), or default for the region's default VPC; empty for lambda. A change replaces the target group.")
    health_check_protocol = models.TextField(blank=True, null=True, db_comment="Input. The protocol of health checks; AWS's default where NULL. A change updates the target group.")
    health_check_port = models.TextField(blank=True, null=True, db_comment="Input. The port of health checks, or traffic-port, the default, for the targets' own. A change updates the target group.")
    health_check_enabled = models.BooleanField(blank=True, null=True, db_comment="Input. Whether health is checked; AWS's default where NULL. A change updates the target group.")
    health_check_interval_seconds = models.IntegerField(blank=True, null=True, db_comment="Input. Seconds between two checks of a target, 5 to 300; AWS's default where NULL. A change updates the target group.")
    health_check_timeout_seconds = models.IntegerField(blank=True, null=True, db_comment="Input. Seconds without an answer that fail a check, 2 to 120; AWS's default where NULL. A change updates the target group.")
    healthy_threshold_count = models.IntegerField(blank=True, null=True, db_comment="Input. Successful checks in a row that make a target healthy, 2 to 10; AWS's default where NULL. A change updates the target group.")
    unhealthy_threshold_count = models.IntegerField(blank=True, null=True, db_comment="Input. Failed checks in a row that make a target unhealthy, 2 to 10; AWS's default where NULL. A change updates the target group.")
    health_check_path = models.TextField(blank=True, null=True, db_comment="Input. The path that HTTP checks ask for; AWS's default, /, where NULL. A change updates the target group.")
    protocol_version = models.TextField(blank=True, null=True, db_comment="Input. HTTP1, HTTP2 or GRPC, for HTTP and HTTPS; AWS's default where NULL. A change replaces the target group.")
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment='Input. The AWS region; default_aws_region() where NULL. A change replaces the target group.')
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the target group.')

    class Meta:
        managed = False
        db_table = 'target_group'
        unique_together = (('target_group_name', 'region'),)
        db_table_comment = 'Target groups (Elastic Load Balancing v2): where listeners send what they receive, and how the health of the targets is checked.'


class TaskDefinition(models.Model):
    task_definition_arn = models.TextField(blank=True, null=True, db_comment='Output. The Amazon resource name, with the revision.')
    family = models.TextField(db_comment='Input, required. The name that its revisions share, at most 255 letters, digits, underscores and hyphens. A change registers a revision in the other family.')
    revision = models.IntegerField(blank=True, null=True, db_comment='Output. The number of the revision.')
    status = models.TextField(blank=True, null=True, db_comment='Output. ACTIVE, or INACTIVE once deregistered.')
    cpu_memory = models.TextField(blank=True, null=True, db_comment='Input, required by Fargate. Its size, vCPU0.25-0.5GB to vCPU4-30GB: 0.25 vCPU with 0.5, 1 or 2 GB, 0.5 with 1 to 4, 1 with 2 to 8, 2 with 4 to 16, 4 with 8 to 30; NULL for a size that is none of these. A change registers a new revision.')
    task_role_name = models.ForeignKey(Role, models.DO_NOTHING, related_name='task_role_name', db_column='task_role_name', blank=True, null=True, db_comment='Input. The role that the containers have: a row of role, by its name. A change registers a new revision.')
    execution_role_name = models.ForeignKey(Role, models.DO_NOTHING, related_name='execution_role_name', db_column='execution_role_name', blank=True, null=True, db_comment='Input. The role with which ECS fetches images and writes logs: a row of role, by its name. A change registers a new revision.')
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment='Input. The AWS region; default_aws_region() where NULL. A change registers it there and deregisters it here.')
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the revision.')

    class Meta:
        managed = False
        db_table = 'task_definition'
        db_table_comment = 'Task definitions for Fargate (ECS): the newest active revision of each family, and those that services use. A change registers a new revision, moves the services of the row to it and deregisters the one before.'


class Vpc(models.Model):
    vpc_id = models.TextField(blank=True, null=True, db_comment="Output. AWS's id, vpc-….")
    cidr_block = models.TextField(db_comment='Input, required. The IPv4 network, between /16 and /28. A change replaces the VPC.')
    state = models.TextField(blank=True, null=True, db_comment='Output. pending or available.')
    is_default = models.BooleanField(blank=True, null=True, db_comment="Output. Whether it is the region's default VPC.")
    region = models.ForeignKey(AwsRegions, models.DO_NOTHING, db_column='region', blank=True, null=True, db_comment='Input. The AWS region; default_aws_region() where NULL. A change replaces the VPC.')
    tags = models.JSONField(blank=True, null=True, db_comment='Input. AWS tags as an object of strings. A change updates the VPC.')

    class Meta:
        managed = False
        db_table = 'vpc'
        unique_together = (('vpc_id', 'region'),)
        db_table_comment = "Virtual private clouds (EC2). The default VPC of a region is AWS's own: it is never deleted or replaced."
