"""A service on Fargate behind a load balancer, as rows, and the call that makes AWS match them.

An apply that fails fails the migration, with AWS's reason. What it had made in AWS by then is not lost: after the mend, run the
migration again, and it goes on from there.
"""

import json

from django.conf import settings
from django.db import migrations, transaction

# Not apps.get_model(): Django leaves the foreign keys of models that it does not manage out of migrations.
from infra import models

PROJECT = settings.IASQL_PROJECT_NAME
PORT = 8088
ROLE = f"ecsTaskExecRole-{settings.AWS_REGION}"
# Lets tasks take the role.
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
# Lets the role pull images and write logs.
EXECUTION_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


def region_of(model):
    """The project's region, for a model that has the column."""
    regional = any(field.name == "region" for field in model._meta.fields)
    return {"region_id": settings.AWS_REGION} if regional else {}


def put(model, values=None, **key):
    """The row with this key: made, or found and given these values, and these only.

    Found it is in a migration that is not atomic, when it runs again after its apply failed.
    """
    row, created = model.objects.get_or_create(**key, **region_of(model), defaults=values or {})
    if values and not created:
        model.objects.filter(pk=row.pk).update(**values)
    return row


def quickstart_up(apps, schema_editor):
    """The fourteen rows. Nothing happens in AWS yet."""
    with transaction.atomic(using=schema_editor.connection.alias):
        # Who may talk to the container: everybody, on one port. And it to everybody.
        security_group = put(
            models.SecurityGroup, {"description": f"{PROJECT}: HTTP"}, group_name=f"{PROJECT}-security-group"
        )
        put(
            models.SecurityGroupRule,
            {"ip_protocol": "tcp", "from_port": PORT, "to_port": PORT, "cidr_ipv4": "0.0.0.0/0"},
            security_group=security_group,
            is_egress=False,
        )
        put(
            models.SecurityGroupRule,
            {"ip_protocol": "-1", "from_port": -1, "to_port": -1, "cidr_ipv4": "0.0.0.0/0"},
            security_group=security_group,
            is_egress=True,
        )

        # The load balancer, and where it sends requests.
        target_group = put(
            models.TargetGroup,
            {
                "target_type": "ip",
                "protocol": "HTTP",
                "port": PORT,
                "vpc": "default",
                "health_check_path": "/health",
            },
            target_group_name=f"{PROJECT}-target",
        )
        load_balancer = put(
            models.LoadBalancer,
            {
                "scheme": "internet-facing",
                "load_balancer_type": "application",
                "ip_address_type": "ipv4",
                "vpc": "default",
            },
            load_balancer_name=f"{PROJECT}-load-balancer",
        )
        put(models.LoadBalancerSecurityGroups, load_balancer=load_balancer, security_group=security_group)
        put(
            models.Listener,
            {"protocol": "HTTP", "action_type": "forward", "target_group": target_group},
            load_balancer=load_balancer,
            port=PORT,
        )

        # The container: its image, its rights, its size.
        repository = put(models.Repository, repository_name=f"{PROJECT}-repository")
        role = put(
            models.Role,
            {"assume_role_policy_document": json.dumps(TRUST), "attached_policies_arns": [EXECUTION_POLICY]},
            role_name=ROLE,
        )
        cluster = put(models.Cluster, cluster_name=f"{PROJECT}-cluster")
        task_definition = put(
            models.TaskDefinition,
            {"cpu_memory": "vCPU2-8GB", "task_role_name": role, "execution_role_name": role},
            family=f"{PROJECT}-td",
        )
        put(
            models.ContainerDefinition,
            {
                "essential": True,
                "repository": repository,
                "tag": "latest",
                "memory_reservation": 8192,
                "host_port": PORT,
                "container_port": PORT,
                "protocol": "tcp",
            },
            task_definition=task_definition,
            name=f"{PROJECT}-container",
        )

        # The service: keeps one such container running in the subnets of the default VPC.
        subnets = models.Subnet.objects.filter(
            vpc__is_default=True, availability_zone__startswith=settings.AWS_REGION
        )
        service = put(
            models.Service,
            {
                "desired_count": 1,
                "subnets": list(subnets.order_by("subnet_id").values_list("subnet_id", flat=True)),
                "assign_public_ip": "ENABLED",
                "cluster": cluster,
                "task_definition": task_definition,
                "target_group": target_group,
            },
            name=f"{PROJECT}-service",
        )
        put(models.ServiceSecurityGroups, service=service, security_group=security_group)


def quickstart_down(apps, schema_editor):
    """Removes the rows; those of containers and of the two tables between others go with what they belong to."""

    def remove(model, **key):
        model.objects.filter(**key, **region_of(model)).delete()

    with transaction.atomic(using=schema_editor.connection.alias):
        remove(models.Service, name=f"{PROJECT}-service")
        remove(models.TaskDefinition, family=f"{PROJECT}-td")
        remove(models.Cluster, cluster_name=f"{PROJECT}-cluster")
        remove(models.Role, role_name=ROLE)
        remove(models.Repository, repository_name=f"{PROJECT}-repository")
        remove(models.Listener, load_balancer__load_balancer_name=f"{PROJECT}-load-balancer")
        remove(models.LoadBalancer, load_balancer_name=f"{PROJECT}-load-balancer")
        remove(models.TargetGroup, target_group_name=f"{PROJECT}-target")
        remove(models.SecurityGroupRule, security_group__group_name=f"{PROJECT}-security-group")
        remove(models.SecurityGroup, group_name=f"{PROJECT}-security-group")


def apply(apps, schema_editor):
    """Makes AWS match the rows, and shows what it did. Takes minutes where AWS does."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT * FROM iasql_apply()")
        columns = [column[0] for column in cursor.description]
        print([dict(zip(columns, row)) for row in cursor.fetchall()])


class Migration(migrations.Migration):
    dependencies = [("infra", "0002_inspectdb")]
    operations = [
        migrations.RunPython(code=quickstart_up, reverse_code=apply),
        migrations.RunPython(code=apply, reverse_code=quickstart_down),
    ]
