"""The two API descriptions, as something a request can be held against."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tests.providers.support import Seen

FOLDER = Path(__file__).parents[1] / "openapi"
PLAYED_BELOW = {"dyte": "/v2", "realtimekit": "/client/v4"}


@cache
def document(kit: str) -> Any:
    if kit == "dyte":
        return yaml.load((FOLDER / "dyte-v2.yaml").read_text(), yaml.CSafeLoader)
    return json.loads((FOLDER / "realtimekit.json").read_text())


BRANCHES = ("allOf", "anyOf", "oneOf")
LEFT_OUT = ("example", "examples", "nullable")


def resolved(root: dict[str, Any], node: Any, *, closed: bool = True) -> Any:
    """Give a part of the document with its references filled in, in JSON Schema's own words.

    What is ``nullable`` gets null among its types, and a list of properties becomes all that there may be: both
    services answer 400 to a field that they do not know.
    """
    if isinstance(node, list):
        return [resolved(root, inner, closed=closed) for inner in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target: Any = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return resolved(root, target, closed=closed)
    plain = {
        key: resolved(root, inner, closed=key not in BRANCHES) for key, inner in node.items() if key not in LEFT_OUT
    }
    if node.get("nullable") and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
    if closed and plain.get("type") in ("object", ["object", "null"]) and "properties" in plain:
        plain.setdefault("unevaluatedProperties", False)
    return plain


@dataclass(frozen=True)
class Operation:
    """One operation, found by method and path."""

    method: str
    path: str
    parameters: list[dict[str, Any]]
    body: dict[str, Any] | None
    needs_body: bool


def operation(kit: str, seen: Seen) -> Operation:
    """Find the operation that a request asks for."""
    return described(kit, seen.method, _template(kit, seen)[0])


def _template(kit: str, seen: Seen) -> tuple[str, dict[str, str]]:
    paths, path = document(kit)["paths"], seen.path.removeprefix(PLAYED_BELOW[kit])
    # A path without placeholders stands above one with: /recordings/track is no recording.
    for template in sorted(paths, key=lambda known: known.count("{")):
        pattern = re.sub(r"\\{([\w-]+)\\}", lambda name: f"(?P<{name[1].replace('-', '_')}>[^/]+)", re.escape(template))
        found = re.fullmatch(pattern.replace(r"\-", "-"), path)
        if found and seen.method.lower() in paths[template]:
            return template, found.groupdict()
    raise AssertionError(f"{kit} has no {seen.method} {path}")


@cache
def described(kit: str, method: str, template: str) -> Operation:
    """Give what the document says of an operation."""
    root = document(kit)
    item = root["paths"][template]
    said = item[method.lower()]
    parameters = resolved(root, [*item.get("parameters", []), *said.get("parameters", [])])
    body = resolved(root, said.get("requestBody", {}))
    schema = body.get("content", {}).get("application/json", {}).get("schema")
    return Operation(
        method, template, parameters, schema, bool(schema and (body.get("required") or "required" in schema))
    )


def complaints(kit: str, seen: Seen) -> list[str]:
    """Say everything that is wrong with a request."""
    found = operation(kit, seen)
    parts = _template(kit, seen)[1]
    return [*_about_places(found, parts), *_about_query(found, seen), *_about_body(found, seen)]


def _about_places(found: Operation, parts: dict[str, str]) -> list[str]:
    schemas = {one["name"].replace("-", "_"): one["schema"] for one in found.parameters if one["in"] == "path"}
    return [said for name, value in parts.items() for said in _errors(schemas[name], unquote(value))]


def _about_query(found: Operation, seen: Seen) -> list[str]:
    described = {one["name"]: one for one in found.parameters if one["in"] == "query"}
    unknown = [f"no parameter {name}" for name in seen.query if name not in described]
    missing = [f"no {name}" for name, one in described.items() if one.get("required") and name not in seen.query]
    known = {name: value for name, value in seen.query.items() if name in described}
    wrong = (
        _errors(described[name]["schema"], _typed(described[name]["schema"], value)) for name, value in known.items()
    )
    return unknown + missing + [said for errors in wrong for said in errors]


def _typed(schema: dict[str, Any], value: str) -> float | str:
    return float(value) if schema["type"] in ("number", "integer") else value


def _about_body(found: Operation, seen: Seen) -> list[str]:
    if found.body is None:
        return ["takes no body"] if seen.raw else []
    if not seen.raw:
        return ["needs a body"] if found.needs_body else []
    if seen.headers["content-type"] != "application/json":
        return ["the body is not called JSON"]
    return _errors(found.body, seen.json)


def _errors(schema: dict[str, Any], value: Any) -> list[str]:
    return [error.message for error in _validator(json.dumps(schema)).iter_errors(value)]


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema), format_checker=FORMATS)


FORMATS = FormatChecker()


@FORMATS.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    """Look at addresses too, which jsonschema does only with another library."""
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    return bool(parts.scheme and parts.netloc) and re.fullmatch(r"[!-~]+", value) is not None
