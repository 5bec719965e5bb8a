"""The lives of load balancers and containers, for life_cycle_test.py."""

from life import Life
from server import REGION, wait_until

TRUST = """'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
  "Principal": {"Service": "ecs-tasks.amazonaws.com"}}]}'"""
OTHER_NETWORK = (
    "INSERT INTO vpc (cidr_block) VALUES ('10.1.0.0/16')",
    "INSERT INTO subnet (vpc_id, cidr_block, availability_zone) SELECT id, '10.1.1.0/24', '" + REGION + "a' FROM vpc"
    " WHERE NOT is_default",
    "INSERT INTO subnet (vpc_id, cidr_block, availability_zone) SELECT id, '10.1.2.0/24', '" + REGION + "b' FROM vpc"
    " WHERE NOT is_default",
)
GROUPS = "INSERT INTO security_group (group_name, description) VALUES ('one', 'One'), ('two', 'Two')"


def default_subnets(*letters):
    zones = ", ".join(f"'{REGION}{letter}'" for letter in letters)
    return (
        "(SELECT array_agg(subnet_id) FROM subnet JOIN vpc ON vpc.id = subnet.vpc_id"
        f" WHERE is_default AND availability_zone IN ({zones}))"
    )


def zones(*letters):
    return "ARRAY[" + ", ".join(f"'{REGION}{letter}'" for letter in letters) + "]"


def id_of(table, column, name):
    return f"(SELECT id FROM {table} WHERE {column} = '{name}')"


def tagged(service):
    def tag(account, there):
        client = account.client(service)
        if service == "elbv2":
            arn = next(there[f"{table}_arn"] for table in ("listener", "target_group", "load_balancer") if f"{table}_arn" in there)
            client.add_tags(ResourceArns=[arn], Tags=[{"Key": "outside", "Value": "yes"}])
        else:
            arn = there.get("cluster_arn") or there.get("arn") or there["task_definition_arn"]
            client.tag_resource(resourceArn=arn, tags=[{"key": "outside", "value": "yes"}])

    return tag


def service_deleted(account, there):
    ecs, named = account.client("ecs"), {"cluster": there["cluster_id"], "service": there["name"]}
    ecs.delete_service(**named, force=True)
    asked = {"cluster": there["cluster_id"], "services": [there["name"]]}
    wait_until(lambda: ecs.describe_services(**asked)["services"][0]["status"] == "INACTIVE", "the service is INACTIVE")


def container(**columns):
    names, values = ", ".join(columns), ", ".join(columns.values())
    return f"INSERT INTO container_definition (task_definition_id, {names}) VALUES ({{key}}, {values})"


def containers_changed(sql):
    return ("container_definition", f"UPDATE container_definition SET {sql} WHERE task_definition_id = {{key}} AND name LIKE 'web%'")


LIVES = {
    "load_balancer": Life(
        parents=(*OTHER_NETWORK, GROUPS),
        fewest={
            "load_balancer_name": "'mine'",
            "scheme": "'internal'",
            "load_balancer_type": "'application'",
            "vpc": "'default'",
            "ip_address_type": "'ipv4'",
        },
        more={
            "subnets": default_subnets("a", "b"),
            "availability_zones": zones("a", "b"),
            "customer_owned_ipv4_pool": "'ipv4pool-coip-1'",
            "tags": """'{"a": "1"}'""",
            "load_balancer_security_groups": "INSERT INTO load_balancer_security_groups"
            " SELECT {key}, id FROM security_group WHERE group_name = 'one'",
        },
        changes=[
            ("subnets", f"subnets = {default_subnets('a', 'c')}"),
            ("availability_zones", f"availability_zones = {zones('b', 'c')}"),
            ("ip_address_type", "ip_address_type = 'dualstack'"),
            (
                "load_balancer_security_groups",
                "UPDATE load_balancer_security_groups SET security_group_id = "
                + id_of("security_group", "group_name", "two")
                + " WHERE load_balancer_id = {key}",
            ),
            ("tags", """tags = '{"b": "2"}'"""),
            ("scheme", "scheme = 'internet-facing'"),
            ("customer_owned_ipv4_pool", "customer_owned_ipv4_pool = 'ipv4pool-coip-2'"),
            ("load_balancer_type", "load_balancer_type = 'network'"),
            ("load_balancer_name", "load_balancer_name = 'new'"),
            (
                "vpc",
                "WITH left_behind AS (DELETE FROM load_balancer_security_groups WHERE load_balancer_id = {key})"
                " UPDATE load_balancer SET vpc = (SELECT vpc_id FROM vpc WHERE NOT is_default), subnets = NULL,"
                " availability_zones = NULL WHERE id = {key}",
            ),
        ],
        changed_outside=tagged("elbv2"),
        deleted_outside=lambda account, there: account.client("elbv2").delete_load_balancer(
            LoadBalancerArn=there["load_balancer_arn"]
        ),
    ),
    "target_group": Life(
        parents=OTHER_NETWORK[:1],
        fewest={
            "target_group_name": "'mine'",
            "target_type": "'ip'",
            "protocol": "'HTTP'",
            "port": "80",
            "vpc": "'default'",
        },
        more={
            "ip_address_type": "'ipv4'",
            "health_check_protocol": "'HTTP'",
            "health_check_port": "'8080'",
            "health_check_enabled": "true",
            "health_check_interval_seconds": "20",
            "health_check_timeout_seconds": "4",
            "healthy_threshold_count": "3",
            "unhealthy_threshold_count": "4",
            "health_check_path": "'/health'",
            "protocol_version": "'HTTP1'",
            "tags": """'{"a": "1"}'""",
        },
        changes=[
            ("health_check_protocol", "health_check_protocol = 'HTTPS'"),
            ("health_check_port", "health_check_port = '8081'"),
            ("health_check_interval_seconds", "health_check_interval_seconds = 25"),
            ("health_check_timeout_seconds", "health_check_timeout_seconds = 6"),
            ("healthy_threshold_count", "healthy_threshold_count = 4"),
            ("unhealthy_threshold_count", "unhealthy_threshold_count = 5"),
            ("health_check_path", "health_check_path = '/alive'"),
            ("tags", """tags = '{"b": "2"}'"""),
            ("port", "port = 81"),
            ("protocol", "protocol = 'HTTPS'"),
            ("protocol_version", "protocol_version = 'HTTP2'"),
            ("ip_address_type", "ip_address_type = 'ipv6'"),
            ("target_group_name", "target_group_name = 'new'"),
            ("vpc", "vpc = (SELECT vpc_id FROM vpc WHERE NOT is_default)"),
            # Functions have no network, and they alone may go unchecked.
            (
                "target_type",
                "target_type = 'lambda', vpc = '', protocol = NULL, port = NULL, protocol_version = NULL,"
                " ip_address_type = NULL, health_check_protocol = NULL, health_check_port = NULL",
            ),
            ("health_check_enabled", "health_check_enabled = false"),
        ],
        changed_outside=lambda account, there: account.client("elbv2").modify_target_group(
            TargetGroupArn=there["target_group_arn"], HealthCheckPath="/outside"
        ),
        deleted_outside=lambda account, there: account.client("elbv2").delete_target_group(
            TargetGroupArn=there["target_group_arn"]
        ),
    ),
    "listener": Life(
        parents=(
            "INSERT INTO target_group (target_group_name, target_type, protocol, port, vpc)"
            " VALUES ('one', 'ip', 'TCP_UDP', 80, 'default'), ('two', 'ip', 'TCP_UDP', 81, 'default')",
            "INSERT INTO load_balancer (load_balancer_name, scheme, load_balancer_type, vpc, ip_address_type)"
            " VALUES ('one', 'internal', 'network', 'default', 'ipv4'), ('two', 'internal', 'network', 'default', 'ipv4')",
        ),
        fewest={
            "load_balancer_id": id_of("load_balancer", "load_balancer_name", "one"),
            "port": "80",
            "protocol": "'TCP'",
            "target_group_id": id_of("target_group", "target_group_name", "one"),
        },
        more={"action_type": "'forward'", "tags": """'{"a": "1"}'"""},
        changes=[
            ("port", "port = 81"),
            ("protocol", "protocol = 'UDP'"),
            ("target_group_id", "target_group_id = " + id_of("target_group", "target_group_name", "two")),
            ("tags", """tags = '{"b": "2"}'"""),
            ("load_balancer_id", "load_balancer_id = " + id_of("load_balancer", "load_balancer_name", "two")),
        ],
        changed_outside=tagged("elbv2"),
        deleted_outside=lambda account, there: account.client("elbv2").delete_listener(ListenerArn=there["listener_arn"]),
    ),
    "cluster": Life(
        fewest={"cluster_name": "'mine'"},
        more={"tags": """'{"a": "1"}'"""},
        changes=[("cluster_name", "cluster_name = 'new'"), ("tags", """tags = '{"b": "2"}'""")],
        changed_outside=tagged("ecs"),
        deleted_outside=lambda account, there: account.client("ecs").delete_cluster(cluster=there["cluster_name"]),
    ),
    "task_definition": Life(
        parents=(
            f"INSERT INTO role (role_name, assume_role_policy_document) VALUES ('one', {TRUST}), ('two', {TRUST})",
            "INSERT INTO log_group (log_group_name) VALUES ('/one'), ('/two')",
            "INSERT INTO repository (repository_name) VALUES ('one')",
            "INSERT INTO public_repository (repository_name) VALUES ('two')",
        ),
        fewest={
            "family": "'mine'",
            "cpu_memory": "'vCPU0.25-0.5GB'",
            "container_definition": container(name="'web'", image="'nginx'", essential="true"),
        },
        more={
            "task_role_name": "'one'",
            "execution_role_name": "'one'",
            "tags": """'{"a": "1"}'""",
            "container_definition": container(
                name="'web'",
                image="'nginx'",
                tag="'1'",
                essential="true",
                cpu="16",
                memory="256",
                memory_reservation="128",
                host_port="80",
                container_port="80",
                protocol="'tcp'",
                env_variables="""'{"A": "1"}'""",
                log_group_id=id_of("log_group", "log_group_name", "/one"),
            ),
        },
        changes=[
            ("cpu_memory", "cpu_memory = 'vCPU1-2GB'"),
            ("task_role_name", "task_role_name = 'two'"),
            ("execution_role_name", "execution_role_name = 'two'"),
            ("tags", """tags = '{"b": "2"}'"""),
            containers_changed("tag = '2'"),
            containers_changed(f"tag = NULL, digest = 'sha256:{'0' * 64}'"),
            containers_changed("image = 'httpd'"),
            containers_changed("cpu = 32"),
            containers_changed("memory = 512"),
            containers_changed("memory_reservation = 256"),
            containers_changed("host_port = 81, container_port = 81"),
            containers_changed("protocol = 'udp'"),
            containers_changed("""env_variables = '{"A": "2", "B": "3"}'"""),
            containers_changed("env_variables = '{}'"),
            containers_changed("log_group_id = " + id_of("log_group", "log_group_name", "/two")),
            containers_changed("image = NULL, repository_id = " + id_of("repository", "repository_name", "one")),
            containers_changed(
                "repository_id = NULL, public_repository_id = " + id_of("public_repository", "repository_name", "two")
            ),
            containers_changed("name = 'web2'"),
            ("container_definition", container(name="'side'", image="'busybox'", essential="true")),
            containers_changed("essential = false"),
            ("container_definition", "DELETE FROM container_definition WHERE task_definition_id = {key} AND name = 'web2'"),
            ("family", "family = 'new'"),
        ],
        changed_outside=tagged("ecs"),
        deleted_outside=lambda account, there: account.client("ecs").deregister_task_definition(
            taskDefinition=there["task_definition_arn"]
        ),
    ),
    "service": Life(
        parents=(
            GROUPS,
            "INSERT INTO cluster (cluster_name) VALUES ('one'), ('two')",
            "INSERT INTO task_definition (family, cpu_memory) VALUES ('one', 'vCPU0.25-0.5GB'), ('two', 'vCPU0.25-0.5GB')",
            "INSERT INTO container_definition (task_definition_id, name, image, essential, container_port)"
            " SELECT id, family || '-web', 'nginx', true, 80 FROM task_definition",
            "INSERT INTO target_group (target_group_name, target_type, protocol, port, vpc)"
            " VALUES ('one', 'ip', 'HTTP', 80, 'default'), ('two', 'ip', 'HTTP', 80, 'default')",
            "INSERT INTO load_balancer (load_balancer_name, scheme, load_balancer_type, vpc, ip_address_type)"
            " VALUES ('one', 'internal', 'application', 'default', 'ipv4')",
            "INSERT INTO listener (load_balancer_id, port, protocol, target_group_id) SELECT load_balancer.id,"
            " 80 + row_number() OVER (), 'HTTP', target_group.id FROM load_balancer, target_group",
        ),
        fewest={
            "name": "'mine'",
            "desired_count": "1",
            "subnets": default_subnets("a"),
            "cluster_id": id_of("cluster", "cluster_name", "one"),
            "task_definition_id": id_of("task_definition", "family", "one"),
        },
        more={
            "assign_public_ip": "'ENABLED'",
            "force_new_deployment": "false",
            "target_group_id": id_of("target_group", "target_group_name", "one"),
            "tags": """'{"a": "1"}'""",
            "service_security_groups": "INSERT INTO service_security_groups"
            " SELECT {key}, id FROM security_group WHERE group_name = 'one'",
        },
        changes=[
            ("desired_count", "desired_count = 2"),
            ("subnets", f"subnets = {default_subnets('a', 'b')}"),
            ("assign_public_ip", "assign_public_ip = 'DISABLED'"),
            ("task_definition_id", "task_definition_id = " + id_of("task_definition", "family", "two")),
            ("target_group_id", "target_group_id = " + id_of("target_group", "target_group_name", "two")),
            (
                "service_security_groups",
                "INSERT INTO service_security_groups SELECT {key}, id FROM security_group WHERE group_name = 'two'",
            ),
            ("tags", """tags = '{"b": "2"}'"""),
            ("force_new_deployment", "force_new_deployment = true"),
            ("name", "name = 'new'"),
            ("cluster_id", "cluster_id = " + id_of("cluster", "cluster_name", "two")),
        ],
        changed_outside=lambda account, there: account.client("ecs").update_service(
            cluster=there["cluster_id"], service=there["name"], desiredCount=3
        ),
        deleted_outside=service_deleted,
    ),
}
