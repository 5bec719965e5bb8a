class InfraRouter:
    """The app `infra` lives in the database `infra`, where there is an AWS account, and nothing else does."""

    def db_for_read(self, model, **hints):
        return "infra" if model._meta.app_label == "infra" else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        return (db == "infra") == (app_label == "infra")
