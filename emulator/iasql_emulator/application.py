"""The WSGI application: our own services first, moto's for everything else, with corrections applied to moto."""

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from iasql_emulator import corrections

# Services that moto lacks, by the name that requests are signed for: {"ecr-public": wsgi_application}.
SERVICES = {}


def signed_for(environ):
    """The service named in the credential scope of the request's SigV4 signature, or None without one."""
    for part in environ.get("HTTP_AUTHORIZATION", "").replace(",", " ").split():
        if part.startswith("Credential="):
            scope = part.split("/")
            return scope[3] if len(scope) == 5 else None
    return None


def make_application():
    corrections.install()
    moto = DomainDispatcherApplication(create_backend_app)

    def application(environ, start_response):
        service = SERVICES.get(signed_for(environ), moto)
        return service(environ, start_response)

    return application
