"""Reads the storage profiles of a deployment: from a TOML file or from TOML or JSON text.

A profile's value may be given where the others are, or as ``{ env = "NAME" }`` (another environment variable) or
``{ file = "/run/secrets/name" }``. No sentence here repeats a value.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.storage_profiles import NAME

FROM_FILE, FROM_TEXT = "recording_storage_file", "recording_storage_profiles"
TABLE = "profiles"
UNKNOWN = "-"
"""Stands for a value that could not be fetched, so that only that is said of it."""
LARGEST = 1_000_000
"""Bytes of a secret's file; a key or a service account's credentials are a few thousand."""


def gather(values: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Give the profiles as plain tables, yet unchecked, and a sentence for everything that cannot be read.

    Args:
        values: the settings as they were given, by field.
        environ: what ``{ env = … }`` refers to.

    """
    found: dict[str, Any] = {}
    problems: list[str] = []
    for field, read in ((FROM_FILE, _file), (FROM_TEXT, _text)):
        given = str(values.get(field) or "").strip()
        if not given:
            continue
        try:
            tables = _tables(read(given))
        except ValueError as mistake:
            problems.append(f"{field.upper()} {mistake}")
            continue
        twice = sorted(tables.keys() & found.keys())
        problems += [f"{field.upper()} has a second profile “{name}”" for name in twice]
        found |= tables
    resolved = {name: _resolved(name, table, environ, problems) for name, table in found.items()}
    return resolved, problems


def _file(path: str) -> Any:
    try:
        return _toml(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as trouble:
        raise ValueError(f"names a file that cannot be read ({type(trouble).__name__})") from None


def _text(text: str) -> Any:
    if not text.startswith("{"):
        return _toml(text)
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError("begins like JSON and is none") from None


def _toml(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as mistake:
        # Its message ends in where it happened, and may hold a character of what stands there; only the place is told.
        _, _, place = str(mistake).rpartition(" (")
        where = f" ({place}" if place.startswith("at ") else ""
        raise ValueError(f"is no TOML{where}") from None


def _tables(read: Any) -> dict[str, Any]:
    """Take the profiles out of ``[profiles.NAME]``, or as they are where that is left out."""
    tables: Any = read.get(TABLE, read) if isinstance(read, dict) else None
    alone = isinstance(tables, dict) and (TABLE not in read or len(read) == 1)
    if not alone or not all(isinstance(table, dict) for table in tables.values()):
        raise ValueError("must hold tables [profiles.NAME], and nothing else")
    if not all(NAME.fullmatch(name) for name in tables):
        raise ValueError("has a profile whose name is not small letters, digits, - and _; or is none")
    return dict(tables)


def _resolved(name: str, table: Mapping[str, Any], environ: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
    known = {key.lower(): value for key, value in environ.items()}
    resolved: dict[str, Any] = {}
    for field, value in table.items():
        try:
            resolved[field] = _fetched(value, known) if isinstance(value, dict) else value
        except ValueError as mistake:
            problems.append(f"The storage profile “{name}”: {field} {mistake}")
            resolved[field] = UNKNOWN
    return resolved


def _fetched(reference: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    match dict(reference):
        case {"env": str(variable), **others} if not others:
            if not environ.get(variable.lower()):
                raise ValueError(f"is to come from the environment variable {variable}, which is not set")
            return environ[variable.lower()]
        case {"file": str(path), **others} if not others:
            return _kept_in(Path(path))
    raise ValueError('must be a value, { env = "NAME" } or { file = "PATH" }')


def _kept_in(path: Path) -> str:
    try:
        kept = path.read_bytes()[:LARGEST].decode("utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        raise ValueError(f"is to come from a file that cannot be read ({type(trouble).__name__})") from None
    return kept if "\n" in kept.rstrip("\n") else kept.strip()  # a key keeps its last line break
