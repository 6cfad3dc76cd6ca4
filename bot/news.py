"""What was told of a meeting and is not yet folded into it: one line an event, in the order in which they came."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from bot.domain.events import Event

KINDS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(Event)}
"""How each kind of event is written and read, by its name."""

_WRITERS: dict[type, tuple[bytes, Callable[..., bytes]]] = {
    kind: (kind.__name__.encode() + b" ", KINDS[kind.__name__].serializer.to_json) for kind in get_args(Event)
}


def written(events: Iterable[Event]) -> bytes:
    """Write events down, to be put behind those that are there."""
    return b"".join(map(_line, events))


def _line(event: Event) -> bytes:
    name, writes = _WRITERS[type(event)]
    return name + writes(event, exclude_defaults=True) + b"\n"


def read(news: bytes) -> tuple[list[Event], bool]:
    """Read events, and tell whether all of them were understood.

    What only a newer replica knows is left out, be it a kind of event or a part of one; see docs/decisions.md.
    """
    told, whole = [], True
    for line in news.splitlines():
        event, all_of_it = _event(line)
        told += [] if event is None else [event]
        whole = whole and all_of_it
    return told, whole


def _event(line: bytes) -> tuple[Event | None, bool]:
    name, _, json = line.partition(b" ")
    kind = KINDS.get(name.decode(errors="replace"))
    if kind is None:
        return None, False
    try:
        return kind.validate_json(json, extra="forbid"), True
    except ValidationError:
        with suppress(ValidationError):
            return kind.validate_json(json), False
    return None, False
