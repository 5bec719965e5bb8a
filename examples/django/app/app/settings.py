"""Settings, most of them from the environment or from the file .env beside manage.py (see .env.example)."""

from pathlib import Path

import environ
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(str(BASE_DIR / ".env"))

# What the resources in AWS are named after: letters, digits and hyphens, at most 18, because load balancers' names are
# short.
IASQL_PROJECT_NAME = env("IASQL_PROJECT_NAME", default="quickstart")
# The region that the database is connected to.
AWS_REGION = env("AWS_REGION", default="eu-west-2")

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "db.sqlite3",
    },
    # The AWS account. The container in AWS serves without it, so these have defaults.
    "infra": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": env("DB_NAME", default=""),
        "USER": env("DB_USER", default=""),
        "PASSWORD": env("DB_PASSWORD", default=""),
        "HOST": env("DB_HOST", default="localhost"),
        "PORT": env("DB_PORT", default="5432"),
    },
}
DATABASE_ROUTERS = ["app.routers.InfraRouter"]
# What inspectdb takes for granted where it leaves a model's id out.
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

INSTALLED_APPS = ["infra"]
ROOT_URLCONF = "app.urls"
WSGI_APPLICATION = "app.wsgi.application"
USE_TZ = True
TIME_ZONE = "UTC"

# The load balancer asks for /health by the container's address, and clients by the load balancer's name.
ALLOWED_HOSTS = ["*"]
DEBUG = env.bool("DEBUG", default=False)
# Nothing here is signed, so the key need not outlive the process.
SECRET_KEY = env("SECRET_KEY", default="") or get_random_secret_key()
