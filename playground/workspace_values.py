"""The plain values of a workspace: people, conversations, messages."""

from dataclasses import dataclass
from typing import Any, Literal

Block = dict[str, Any]
"""A Block Kit block, as Slack documents it."""

ChannelKind = Literal["public", "private", "im", "mpim"]

SLACKBOT = "USLACKBOT"
"""The user in whose name Slack itself speaks."""


@dataclass(frozen=True, slots=True)
class User:
    """A person or an app's bot user; ``name`` is the handle that follows an @.

    ``team_id`` names the organisation of somebody who is here by Slack Connect; it is empty for our own people.
    """

    id: str
    name: str
    real_name: str
    image: str = ""
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_stranger: bool = False
    deleted: bool = False
    team_id: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """A user group: people who are mentioned together by one handle."""

    id: str
    handle: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation of any kind."""

    id: str
    name: str
    kind: ChannelKind
    members: tuple[str, ...] = ()
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody in a call; ``key`` is their Slack id, or ``external:`` and the id that the app gave them."""

    key: str
    name: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the app tells of it; every message that names it shows it as it is now."""

    id: str
    external_unique_id: str
    title: str
    join_url: str
    created_by: str
    date_start: int
    inside: tuple[Caller, ...] = ()
    been: tuple[Caller, ...] = ()
    ended: bool = False
    duration: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it stands now; ``ephemeral_for`` names the only person who sees it.

    ``typed_command`` is what the person typed to bring about a public answer: Slack shows it above that answer.
    """

    ts: str
    channel: str
    user: str
    text: str
    blocks: tuple[Block, ...] = ()
    thread_ts: str | None = None
    broadcast: bool = False
    edited: str | None = None
    metadata: dict[str, Any] | None = None
    ephemeral_for: str | None = None
    subtype: str | None = None
    typed_command: str | None = None
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None

    @property
    def is_reply(self) -> bool:
        """Say whether it stands inside a thread instead of at its top."""
        return self.thread_ts is not None and self.thread_ts != self.ts
