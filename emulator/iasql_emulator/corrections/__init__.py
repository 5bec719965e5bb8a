"""What AWS enforces and moto 5.2.5 lets pass, a file for each service.

A check is a function that is given moto's response object before moto handles the request; it looks at the parameters and
at moto's state and raises the error that AWS would give.
"""

import functools


def before(response_class, *operations):
    """Decorator: runs the check before each of the response class's methods of those names."""

    def install_check(check):
        for operation in operations:
            handle = getattr(response_class, operation)

            @functools.wraps(handle)
            def checked(response, *arguments, _handle=handle, **named):
                check(response)
                return _handle(response, *arguments, **named)

            setattr(response_class, operation, checked)
        return check

    return install_check


@functools.cache
def install():
    """Applies every correction, once."""
    from iasql_emulator.corrections import ec2, ecr, logs  # noqa: F401
