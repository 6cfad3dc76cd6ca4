"""Turns what a person types into what Slack sends: mentions, channels and addresses in <>, other signs escaped.

This is what a slash command's ``should_escape`` setting does, and what happens to every message.
"""

import re

from playground.workspace import Workspace

_PIECE = re.compile(
    r"""
    (?P<url>\bhttps?://[^\s<>]+)
    | (?<![\w@.])@(?P<user>[A-Za-z0-9][\w.-]*)
    | (?<![\w#&])\#(?P<channel>[\w-]+)
    | (?P<sign>[&<>])
    """,
    re.VERBOSE,
)
_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_AFTER_URL = ".,;:!?)'\""
_EVERYBODY = {"here", "channel", "everyone"}


def escape_typed(workspace: Workspace, text: str, user: str) -> str:
    """Escape a line typed by ``user``, who can only name the channels that they can see."""

    def piece(found: re.Match[str]) -> str:
        kind, said = found.lastgroup, found.group()
        if kind == "url":
            return _url(said)
        if kind == "user":
            return _mention(workspace, found["user"]) or said
        if kind == "channel":
            return _channel(workspace, found["channel"], user) or said
        return _SIGNS[said]

    return _PIECE.sub(piece, text)


def escape(text: str) -> str:
    """Escape the three signs that mean something to Slack."""
    return re.sub("[&<>]", lambda found: _SIGNS[found.group()], text)


def _url(said: str) -> str:
    address = said.rstrip(_AFTER_URL)
    return f"<{escape(address)}>{said[len(address) :]}"


def _mention(workspace: Workspace, typed: str) -> str | None:
    for handle in (typed, typed.rstrip("._-")):
        rest = typed[len(handle) :]
        if handle.lower() in _EVERYBODY:
            return f"<!{handle.lower()}>{rest}"
        for user in workspace.people.values():
            if user.name == handle.lower():
                return f"<@{user.id}|{user.name}>{rest}"
        for team in workspace.teams.values():
            if team.handle == handle.lower():
                return f"<!subteam^{team.id}|@{team.handle}>{rest}"
    return None


def _channel(workspace: Workspace, typed: str, user: str) -> str | None:
    for channel in workspace.channels.values():
        if channel.name != typed.lower() or not channel.name:
            continue
        if channel.kind == "public":
            return f"<#{channel.id}|{channel.name}>"
        if user in channel.members:
            # A private channel's name is not given away.
            return f"<#{channel.id}|>"
    return None
