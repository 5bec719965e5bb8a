"""What AWS enforces and moto 5.2.5 lets pass, a file for each service.

A check is a function that is given moto's response object before moto handles the request; it looks at the parameters and
at moto's state and raises the error that AWS would give. A replacement is given moto's method and its arguments.
"""

import functools
import importlib
import pkgutil


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


def around(owner, *names):
    """Decorator: the function takes the place of each of the owner's methods of those names, which it is given first."""

    def replace(function):
        for name in names:
            method = getattr(owner, name)

            @functools.wraps(method)
            def replaced(*arguments, _method=method, **named):
                return function(_method, *arguments, **named)

            setattr(owner, name, replaced)
        return function

    return replace


@functools.cache
def install():
    """Applies every correction, once."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
