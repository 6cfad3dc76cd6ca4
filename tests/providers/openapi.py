"""The two API descriptions, as something a request can be held against."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

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


def resolved(root: dict[str, Any], node: Any) -> Any:
    """Give a part of the document with its references filled in and ``nullable`` in JSON Schema's own words."""
    if isinstance(node, list):
        return [resolved(root, inner) for inner in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target: Any = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return resolved(root, target)
    plain = {
        key: resolved(root, inner) for key, inner in node.items() if key not in ("example", "examples", "nullable")
    }
    if node.get("nullable") and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
    return plain


@dataclass(frozen=True)
class Operation:
    """One operation, found by method and path."""

    path: str
    parts: dict[str, str]
    parameters: list[dict[str, Any]]
    body: dict[str, Any] | None


def operation(kit: str, seen: Seen) -> Operation:
    root = document(kit)
    path = seen.path.removeprefix(PLAYED_BELOW[kit])
    # A path without placeholders stands above one with: /recordings/track is no recording.
    for template in sorted(root["paths"], key=lambda known: known.count("{")):
        pattern = re.sub(r"\\{([\w-]+)\\}", lambda name: f"(?P<{name[1].replace('-', '_')}>[^/]+)", re.escape(template))
        found = re.fullmatch(pattern.replace(r"\-", "-"), path)
        item = root["paths"][template]
        if found and seen.method.lower() in item:
            described = item[seen.method.lower()]
            parameters = resolved(root, [*item.get("parameters", []), *described.get("parameters", [])])
            content = resolved(root, described.get("requestBody", {})).get("content", {})
            body = content.get("application/json", {}).get("schema")
            return Operation(template, found.groupdict(), parameters, body)
    raise AssertionError(f"{kit} has no {seen.method} {path}")


def complaints(kit: str, seen: Seen) -> list[str]:
    """Say everything that is wrong with a request."""
    found = operation(kit, seen)
    return [*_about_places(found), *_about_query(found, seen), *_about_body(found, seen)]


def _about_places(found: Operation) -> list[str]:
    schemas = {one["name"].replace("-", "_"): one["schema"] for one in found.parameters if one["in"] == "path"}
    return [said for name, value in found.parts.items() for said in _errors(schemas.get(name, {}), unquote(value))]


def _about_query(found: Operation, seen: Seen) -> list[str]:
    schemas = {one["name"]: one["schema"] for one in found.parameters if one["in"] == "query"}
    unknown = [f"no parameter {name}" for name in seen.query if name not in schemas]
    known = {name: value for name, value in seen.query.items() if name in schemas}
    wrong = (_errors(schemas[name], _typed(schemas[name], value)) for name, value in known.items())
    return unknown + [said for errors in wrong for said in errors]


def _typed(schema: dict[str, Any], value: str) -> float | str:
    return float(value) if schema["type"] in ("number", "integer") else value


def _about_body(found: Operation, seen: Seen) -> list[str]:
    if found.body is None:
        return ["takes no body"] if seen.raw else []
    if seen.headers["content-type"] != "application/json":
        return ["the body is not called JSON"]
    unknown = [f"no field {name}" for name in seen.json if name not in found.body["properties"]]
    return unknown + _errors(found.body, seen.json)


def _errors(schema: dict[str, Any], value: Any) -> list[str]:
    checked = Draft202012Validator(schema, format_checker=FormatChecker())
    return [error.message for error in checked.iter_errors(value)]
