"""What was told of a meeting and is not yet folded into it: one line an event, in the order in which they came."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import TypeAdapter

from bot.domain.events import Event

KINDS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(Event)}
"""How each kind of event is written and read, by its name."""


def written(events: Iterable[Event]) -> bytes:
    """Write events down, to be put behind those that are there."""
    return b"".join(map(_line, events))


def _line(event: Event) -> bytes:
    name = type(event).__name__
    return name.encode() + b" " + KINDS[name].dump_json(event, exclude_defaults=True) + b"\n"


def read(news: bytes) -> Iterator[Event]:
    """Read events; one of a kind that only a newer replica knows is left out; see docs/decisions.md."""
    for line in news.splitlines():
        name, _, json = line.partition(b" ")
        kind = KINDS.get(name.decode())
        if kind:
            yield kind.validate_json(json)
