"""Brings the tables of six modules into the database, with what the account has; back again it drops them.

Neither direction changes anything in AWS. Where the modules are installed already, installing says so and goes on.
Modules that these need (aws_iam, aws_account) are installed with them and stay until they are uninstalled by name.
"""

from django.db import migrations

MODULES = "'aws_cloudwatch', 'aws_ecr', 'aws_ecs_fargate', 'aws_elb', 'aws_security_group', 'aws_vpc'"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            sql=f"SELECT * FROM iasql_install({MODULES})",
            reverse_sql=f"SELECT * FROM iasql_uninstall({MODULES})",
        )
    ]
