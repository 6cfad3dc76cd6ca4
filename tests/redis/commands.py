"""Which commands a server was sent, and since which version of Redis each of them, with its words, has been there."""

from collections.abc import Iterator, Mapping
from typing import Any

import redis

Version = tuple[int, ...]
Docs = dict[str, Any]

OLDEST = (6, 2)
"""The oldest Redis that the bot promises to run on."""

TOLERATED = [["CLIENT", "SETINFO"], ["CLIENT", "MAINT_NOTIFICATIONS"]]
"""What redis-py tells a server about itself; it goes on where that is refused."""


def watch(client: redis.Redis, until: str) -> Iterator[list[str]]:
    """Give every command that the server carries out, in scripts too, as words, until one of them has this word."""
    with client.monitor() as monitor:
        monitor.connection._sock.settimeout(20)
        for seen in monitor.listen():
            words = seen["command"].split(" ")
            if until in words:
                return
            yield words


def knows_its_commands(client: redis.Redis) -> bool:
    """Tell whether the server can say since when it has each command, which is so from Redis 7.0 on."""
    return _version(client.info("server")["redis_version"]) >= (7, 0)


def documented(client: redis.Redis) -> Docs:
    """Read what the server knows of its own commands."""
    return {str(name).upper(): _told(about) for name, about in _pairs(client.execute_command("COMMAND DOCS"))}


def newer_than_promised(words: list[str], docs: Docs) -> list[str]:
    """Give what in a command is younger than the oldest Redis promised."""
    if [word.upper() for word in words[:2]] in TOLERATED:
        return []
    about = docs.get(words[0].upper())
    if about is None:
        return [f"{words[0]} is not documented"]
    subs = {str(name).partition("|")[2].upper(): _told(sub) for name, sub in _pairs(about.get("subcommands", []))}
    if len(words) > 1 and words[1].upper() in subs:
        about = subs[words[1].upper()]
    found = [words[0]] if _version(about["since"]) > OLDEST else []
    upper = {word.upper() for word in words[1:]}
    return found + [f"{words[0]} {token}" for token, since in _tokens(about) if since > OLDEST and token in upper]


def _tokens(about: Mapping[str, Any]) -> Iterator[tuple[str, Version]]:
    for argument in map(_told, about.get("arguments", [])):
        if "token" in argument and "since" in argument:
            yield str(argument["token"]).upper(), _version(argument["since"])
        yield from _tokens(argument)


def _told(flat: Any) -> dict[str, Any]:
    return dict(_pairs(flat))


def _pairs(flat: Any) -> list[tuple[str, Any]]:
    if isinstance(flat, dict):
        return [(_text(name), _deep(value)) for name, value in flat.items()]
    return [(_text(name), _deep(value)) for name, value in zip(flat[::2], flat[1::2], strict=True)]


def _deep(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _version(since: Any) -> Version:
    return tuple(int(part) for part in _text(since).split("."))[:2]
