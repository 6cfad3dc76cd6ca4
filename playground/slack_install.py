"""The bot's app as it is installed in the workspace: its tokens, what it was granted, and where it may write."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from playground.slack_errors import SlackError
from playground.slack_rates import Rates
from playground.workspace import Channel, ChannelKind, Message, Workspace

DEFAULT_SCOPES = frozenset({"commands", "chat:write", "chat:write.public", "users:read", "im:write"})

KIND_IN_SCOPES: dict[ChannelKind, str] = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


@dataclass
class Installation:
    """What the Web API needs to know about who is calling."""

    workspace: Workspace
    bot_token: str
    app_token: str | None
    rates: Rates
    scopes: set[str] = field(default_factory=lambda: set(DEFAULT_SCOPES))

    @property
    def provided(self) -> str:
        """Write the granted scopes the way Slack lists them."""
        return ",".join(sorted(self.scopes))

    def require(self, scope: str) -> None:
        """Refuse with missing_scope unless the scope was granted."""
        self.require_one((scope,))

    def require_one(self, scopes: Iterable[str]) -> None:
        """Refuse with missing_scope unless at least one of the scopes was granted."""
        needed = list(scopes)
        if not self.scopes.intersection(needed):
            raise SlackError("missing_scope", needed=",".join(needed), provided=self.provided)

    def require_for_kind(self, kind: ChannelKind, what: str) -> None:
        """Refuse unless the scope for ``what`` (``read``, ``history``) in this kind of conversation was granted."""
        self.require(f"{KIND_IN_SCOPES[kind]}:{what}")

    def is_in(self, channel: Channel) -> bool:
        """Say whether the bot is a member."""
        return self.workspace.bot.id in channel.members

    def seen_channel(self, channel_id: str) -> Channel:
        """Give a conversation that the bot can know of, which is any public one and those it is in."""
        channel = self.workspace.channels.get(channel_id)
        if channel is None or not (channel.kind == "public" or self.is_in(channel)):
            raise SlackError("channel_not_found")
        return channel

    def writable_channel(self, ref: str) -> Channel:
        """Give the conversation that a post is meant for, or refuse the way Slack does.

        A person's id stands for their DM with the bot, ``#name`` and ``name`` for a channel.
        """
        channel = self.seen_channel(self._resolve(ref))
        if not self.is_in(channel) and "chat:write.public" not in self.scopes:
            raise SlackError("not_in_channel")
        if channel.archived:
            raise SlackError("is_archived")
        return channel

    def _resolve(self, ref: str) -> str:
        if ref == self.workspace.bot.id:
            raise SlackError("cannot_dm_bot")
        if ref in self.workspace.people:
            return self.workspace.direct_with_bot(ref).id
        try:
            return self.workspace.channel(ref).id
        except KeyError:
            raise SlackError("channel_not_found") from None

    def own_message(self, channel: Channel, ts: str, *, foreign: str) -> Message:
        """Give a message of the bot's; refuse with ``foreign`` when it is somebody else's."""
        message = self.workspace.find(channel.id, ts)
        if message is None or message.ephemeral_for is not None or message.subtype == "tombstone":
            raise SlackError("message_not_found")
        if message.user != self.workspace.bot.id:
            raise SlackError(foreign)
        return message
