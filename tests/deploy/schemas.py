"""The schemas of Kubernetes and of the operator's resources, and what they say of a manifest.

Kubernetes' own come with a package of PyPI. The operator's are in its Go module, which Go's own client fetches, checks against
the hash in operator.txt and keeps beside this Python environment; they are made strict, as an API server is: a field that the
schema does not have is an error. Left out are the rules in CEL, which only an API server evaluates."""

import functools
import json
import os
import pathlib
import subprocess
import sys

import jsonschema
import kubernetes_validate
import yaml

HERE = pathlib.Path(__file__).parent
KUBERNETES = "1.35"
OPERATORS_GROUP = "postgresql.cnpg.io/"


@functools.cache
def operator_module():
    """The folder of the operator's Go module."""
    module, version, wanted = (HERE / "operator.txt").read_text().split()
    environment = pathlib.Path(sys.prefix)
    finished = subprocess.run(
        [environment / "bin" / "go", "mod", "download", "-json", f"{module}@{version}"],
        cwd=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={
            **os.environ,
            "GOMODCACHE": str(environment / "modules"),
            "GOCACHE": str(environment / "go-build"),
            "GOPATH": str(environment / "go"),
            "GOFLAGS": "-modcacherw",
            "GOTOOLCHAIN": "local",
            "GONOSUMDB": module,  # the hash is here
        },
    )
    facts = json.loads(finished.stdout)
    assert facts["Sum"] == wanted, f"{module} {version} is not what it was: {facts['Sum']}"
    return pathlib.Path(facts["Dir"])


def strict(schema):
    """The schema, with unknown fields refused wherever it says which there are."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    result = {name: strict(value) for name, value in schema.items() if name not in ("default", "description", "example")}
    if isinstance(schema.get("properties"), dict):
        result["properties"] = {name: strict(value) for name, value in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            result.setdefault("additionalProperties", False)
    return result


@functools.cache
def operators_schema(api_version, kind):
    for file in (operator_module() / "config" / "crd" / "bases").glob("*.yaml"):
        definition = yaml.safe_load(file.read_text())["spec"]
        if definition["names"]["kind"] != kind:
            continue
        for version in definition["versions"]:
            if f"{definition['group']}/{version['name']}" == api_version and version["served"]:
                schema = strict(version["schema"]["openAPIV3Schema"])
                schema["required"] = ["apiVersion", "kind", "metadata", *schema.get("required", [])]
                return schema
    raise LookupError(f"the operator has no {kind} of {api_version}")


def errors(manifest):
    """What is wrong with it, a line for each fault; nothing where it is right."""
    api_version, kind = manifest["apiVersion"], manifest["kind"]
    if api_version.startswith(OPERATORS_GROUP):
        try:
            schema = operators_schema(api_version, kind)
        except LookupError as unknown:
            return [str(unknown)]
        found = jsonschema.Draft7Validator(schema).iter_errors(manifest)
        return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in found]
    try:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
        return [str(error)]
    return []


def manifests(folder):
    """Every manifest in the folder's YAML files, with its place."""
    for file in sorted(folder.glob("*.yaml")):
        for number, manifest in enumerate(yaml.safe_load_all(file.read_text())):
            yield f"{file.name}-{number}-{manifest['kind']}", manifest
