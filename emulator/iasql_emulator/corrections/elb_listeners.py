"""Listeners: one to a port, with a protocol of the load balancer's kind, forwarding within one VPC."""

from moto.core.responses import PaginatedResult
from moto.core.utils import get_pagination_model
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend
from moto.elbv2.responses import ELBV2Response

from iasql_emulator.corrections import around, before

get_pagination_model("elbv2")["DescribeListeners"]["unique_attribute"] = "arn"


def invalid(message):
    return ELBClientError("ValidationError", message)


def target_groups_of(actions):
    """The ARNs of the target groups that those actions of a request forward to."""
    arns = []
    for action in actions or []:
        forward = action.get("ForwardConfig", {}).get("TargetGroups", [])
        arns += [item["TargetGroupArn"] for item in [action, *forward] if "TargetGroupArn" in item]
    return list(dict.fromkeys(arns))


def check_targets(backend, balancer, actions):
    for action in actions or []:
        if action["Type"] == "forward" and not target_groups_of([action]):
            raise invalid("A target group ARN must be specified")
    for arn in target_groups_of(actions):
        group = backend.target_groups.get(arn)
        if group is None:
            raise ELBClientError("TargetGroupNotFound", f"Target groups '{arn}' not found")
        if group.vpc_id != balancer.vpc_id:
            raise ELBClientError(
                "InvalidConfigurationRequest",
                f"The following target groups have a VPC other than '{balancer.vpc_id}', that of the load balancer: '{arn}'",
            )
        of_balancer = "HTTP" if balancer.type == "application" else "TCP"
        if (group.protocol in ("HTTP", "HTTPS")) != (of_balancer == "HTTP"):
            raise ELBClientError(
                "InvalidConfigurationRequest",
                f"Target group '{arn}' has protocol {group.protocol}, which a load balancer of type '{balancer.type}' "
                "cannot forward to",
            )
        if any(user != balancer.arn for user in group.load_balancer_arns):
            raise ELBClientError(
                "TargetGroupAssociationLimit",
                f"The following target groups cannot be associated with more than one load balancer: {arn}",
            )


def check_port(balancer, port, itself=None):
    if port is not None and not 1 <= int(port) <= 65535:
        raise invalid(f"The port '{port}' must be between 1 and 65535")
    for listener in balancer.listeners.values():
        if listener is not itself and port is not None and int(listener.port) == int(port):
            raise ELBClientError(
                "DuplicateListener", f"A listener already exists on this port for this load balancer '{balancer.arn}'"
            )


def has_settings(listener, protocol, port, certificate, actions):
    return (
        (listener.protocol, int(listener.port), listener.certificate) == (protocol, int(port), certificate)
        and [action.data for action in listener.default_actions] == list(actions)
    )


@around(ELBv2Backend, "create_listener")
def create_listener(create, backend, load_balancer_arn, protocol, port, ssl_policy, certificate, actions, *rest, **named):
    balancer = backend.load_balancers.get(load_balancer_arn)
    if balancer is None:
        return create(backend, load_balancer_arn, protocol, port, ssl_policy, certificate, actions, *rest, **named)
    check_targets(backend, balancer, actions)
    if protocol in ("HTTPS", "TLS") and certificate is None:
        raise invalid(f"A certificate must be specified for {protocol} listeners")
    if protocol not in ("HTTPS", "TLS"):
        ssl_policy = None
    if port is not None:
        for listener in balancer.listeners.values():
            if has_settings(listener, protocol, port, certificate, actions):
                return listener
        check_port(balancer, port)
    return create(backend, load_balancer_arn, protocol, port, ssl_policy, certificate, actions, *rest, **named)


@around(ELBv2Backend, "modify_listener")
def modify_listener(modify, backend, arn, port=None, protocol=None, ssl_policy=None, certificates=None, actions=None):
    listener = backend.describe_listeners(None, [arn])[0]
    balancer = backend.load_balancers[listener.load_balancer_arn]
    check_port(balancer, port, itself=listener)
    check_targets(backend, balancer, actions)
    if protocol is not None:
        backend._validate_port_and_protocol(balancer.type, port or listener.port, protocol)
    of_moto = None if protocol in ("UDP", "TCP_UDP") else protocol  # it makes such listeners, but changes none to one
    listener = modify(backend, arn, port, of_moto, ssl_policy, certificates or [], actions or [])
    listener.protocol = protocol or listener.protocol
    if listener.protocol not in ("HTTPS", "TLS"):
        listener.ssl_policy, listener.certificate, listener.certificates = None, None, []
    return listener


@before(ELBV2Response, "create_listener")
def a_listener_has_actions(response):
    if not response._get_param("DefaultActions"):
        raise invalid("A listener must have default actions")


@around(ELBV2Response, "describe_listeners")
def describe_listeners(describe, response):
    return PaginatedResult(describe(response).result)
