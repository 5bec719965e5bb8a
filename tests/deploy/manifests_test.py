"""The manifests in deploy/kubernetes: right by their schemas, and with each other."""

import copy
import ipaddress
import json
import pathlib
import subprocess
import sys

import pytest

from schemas import errors, manifests

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "kubernetes"
MANIFESTS = dict(manifests(FOLDER))


def of_kind(kind):
    return [manifest for manifest in MANIFESTS.values() if manifest["kind"] == kind]


def only(kind, name=None):
    (manifest,) = [each for each in of_kind(kind) if name in (None, each["metadata"]["name"])]
    return manifest


@pytest.mark.parametrize("place", MANIFESTS)
def test_a_manifest_by_its_schema(place):
    assert errors(MANIFESTS[place]) == []


def unknown_field(manifest):
    manifest["spec"]["unheardOf"] = True


def unknown_field_far_down(manifest):
    manifest["spec"]["postgresql"]["synchronous"]["dataDurabilty"] = "required"


def value_not_in_the_list(manifest):
    manifest["spec"]["postgresql"]["synchronous"]["method"] = "some"


def number_for_text(manifest):
    manifest["spec"]["postgresql"]["parameters"]["max_connections"] = 300


def nothing_required(manifest):
    del manifest["spec"]["instances"]


def unknown_version(manifest):
    manifest["apiVersion"] = "postgresql.cnpg.io/v7"


def unknown_mode(manifest):
    manifest["spec"]["pgbouncer"]["poolMode"] = "sesion"


def extension_without_name(manifest):
    del manifest["spec"]["extensions"][0]["name"]


def rule_with_unknown_field(manifest):
    manifest["spec"]["egress"][0]["form"] = []


def ports_as_text(manifest):
    manifest["spec"]["egress"][0]["ports"] = "443"


@pytest.mark.parametrize(
    "kind, fault",
    [
        *[
            ("Cluster", fault)
            for fault in (
                unknown_field, unknown_field_far_down, value_not_in_the_list, number_for_text, nothing_required, unknown_version,
            )
        ],
        ("Pooler", unknown_mode),
        ("Database", extension_without_name),
        ("DatabaseRole", unknown_field),
        ("ScheduledBackup", unknown_field),
        ("NetworkPolicy", unknown_field),
        ("NetworkPolicy", rule_with_unknown_field),
        ("NetworkPolicy", ports_as_text),
        ("Namespace", unknown_field),
    ],
    ids=lambda case: case if isinstance(case, str) else case.__name__,
)  # fmt: skip
def test_a_fault_is_found(kind, fault):
    broken = copy.deepcopy(of_kind(kind)[0])
    broken.setdefault("spec", {})
    fault(broken)
    assert errors(broken) != []


def test_everything_is_in_the_namespace():
    namespace = only("Namespace")["metadata"]["name"]
    assert {manifest["metadata"]["namespace"] for manifest in MANIFESTS.values() if manifest["kind"] != "Namespace"} == {namespace}


def test_names_that_name_each_other():
    servers = {server["metadata"]["name"] for server in of_kind("Cluster")}
    for kind in ("Database", "DatabaseRole", "Pooler", "ScheduledBackup"):
        assert all(manifest["spec"]["cluster"]["name"] in servers for manifest in of_kind(kind)), kind
    (database,), (role,) = of_kind("Database"), of_kind("DatabaseRole")
    # pg_hba's "sameuser" lets a role into the database of its own name alone.
    assert database["spec"]["name"] == database["spec"]["owner"] == role["spec"]["name"]
    assert database["spec"]["cluster"] == role["spec"]["cluster"]
    assert {"name": "iasql", "version": version_of_the_extension()} in database["spec"]["extensions"]


def version_of_the_extension():
    source = FOLDER.parents[1] / "CMakeLists.txt"
    (line,) = [line for line in source.read_text().splitlines() if line.startswith("project(iasql VERSION ")]
    return line.split()[2]


def test_a_server_keeps_what_iasql_relies_on():
    (server,) = of_kind("Cluster")
    postgresql = server["spec"]["postgresql"]
    assert postgresql["shared_preload_libraries"] == ["iasql"]
    assert postgresql["synchronous"]["dataDurability"] == "required", "a promoted standby must have the journal"
    assert postgresql["parameters"]["log_parameter_max_length"] == "0"
    assert postgresql["parameters"]["log_parameter_max_length_on_error"] == "0"
    assert postgresql["pg_hba"][-1] == "host all all all reject"
    assert server["spec"].get("enablePDB", True) and not server["spec"].get("enableSuperuserAccess", False)
    key = {each["name"]: each for each in server["spec"]["env"]}["IASQL_KEY"]
    assert key["valueFrom"]["secretKeyRef"]["name"] in (FOLDER.parents[1] / "docs" / "operating.md").read_text()
    assert "value" not in key
    assert only("Pooler")["spec"]["pgbouncer"]["poolMode"] == "session"


@pytest.mark.parametrize(
    "address, port, reached",
    [
        ("52.94.5.1", 443, True),
        ("2600:1f18::1", 443, True),
        ("52.94.5.1", 80, False),
        ("10.96.0.1", 443, False),
        ("172.31.0.2", 443, False),
        ("192.168.1.1", 443, False),
        ("100.100.100.200", 443, False),
        ("169.254.169.254", 443, False),
        ("169.254.169.254", 80, False),
        ("127.0.0.1", 443, False),
        ("fd00:ec2::254", 443, False),
        ("fe80::1", 443, False),
    ],
)
def test_addresses_that_a_server_reaches(address, port, reached):
    def within(block):
        inside = ipaddress.ip_address(address)
        return inside in ipaddress.ip_network(block["cidr"]) and not any(
            inside in ipaddress.ip_network(excepted) for excepted in block.get("except", [])
        )

    rules = only("NetworkPolicy", "servers")["spec"]["egress"]
    open_to = [rule for rule in rules if any(within(to["ipBlock"]) for to in rule["to"] if "ipBlock" in to)]
    assert any(port in [each["port"] for each in rule["ports"]] for rule in open_to) == reached


def test_the_image_recipe_by_its_linter():
    recipe = FOLDER / "Containerfile"
    linter = pathlib.Path(sys.prefix) / "bin" / "hadolint"
    finished = subprocess.run([linter, "--format", "json", recipe], stdout=subprocess.PIPE, text=True, check=False)
    assert json.loads(finished.stdout) == []
    (server,) = of_kind("Cluster")
    assert server["spec"]["imageName"].endswith(f":15-{version_of_the_extension()}")
