"""What happens when somebody types a line that begins with a slash."""

from collections.abc import Callable
from datetime import datetime

from playground.slack_delivery import Delivery
from playground.slack_errors import SlackError
from playground.slack_payloads import command_fields
from playground.slack_response_urls import ResponseUrl, ResponseUrls
from playground.slack_sending import NO_ANSWER, Ack
from playground.slack_triggers import Triggers
from playground.slack_typing import escape_typed
from playground.workspace import SLACKBOT, Channel, User, Workspace

INVITE = "/invite"
"""The one command of Slack's own that the simulator does itself."""


class Commands:
    """Refuses what Slack refuses, does Slack's own /invite, and takes everything else to the bot."""

    def __init__(
        self,
        workspace: Workspace,
        delivery: Delivery,
        response_urls: ResponseUrls,
        triggers: Triggers,
        now: Callable[[], datetime],
    ) -> None:
        self.registered: frozenset[str] | None = None
        self._triggers = triggers
        self._workspace, self._delivery, self._response_urls, self._now = workspace, delivery, response_urls, now

    async def type(self, user: User, channel: Channel, line: str, thread_ts: str | None) -> Ack:
        """Do one typed line; whatever fails is shown to that person alone."""
        name, _, rest = line.strip().partition(" ")
        if refusal := self._refusal(user, channel, name, thread_ts):
            self._tell(channel, user, refusal, thread_ts)
            return _refused(refusal)
        if name == INVITE:
            return self._invite(user, channel, rest)
        return await self._send(user, channel, name, rest.strip())

    async def _send(self, user: User, channel: Channel, name: str, text: str) -> Ack:
        typed = f"{name} {text}".strip()
        url = self._response_urls.make(channel.id, user.id, typed_command=typed)
        escaped = escape_typed(self._workspace, text, user.id)
        trigger = self._triggers.make(user.id)
        ack = await self._delivery.command(command_fields(self._workspace, channel, user, name, escaped, url, trigger))
        if ack.ok:
            self._show_answer(ack, channel, user, name, typed)
        else:
            # Slack has a word of its own for silence; any answer but 2xx is a failed dispatch.
            self._fail(channel, user, name, ack.body if ack.status == NO_ANSWER else "dispatch_failed")
        return ack

    def _refusal(self, user: User, channel: Channel, name: str, thread_ts: str | None) -> str | None:
        if user.id not in channel.members:
            return f"{name} cannot be used in a channel you are not in."
        if thread_ts is not None:
            return f"{name} is not supported in threads."
        if channel.archived:
            return f"{name} cannot be used in an archived channel."
        # An app that is not installed in somebody's own organisation has no commands for them.
        if user.team_id not in {"", self._workspace.team_id} and name != INVITE:
            return f"{name} is not a valid command."
        if self.registered is not None and name not in {INVITE, *self.registered}:
            return f"{name} is not a valid command."
        return None

    def _invite(self, user: User, channel: Channel, text: str) -> Ack:
        try:
            guest = self._workspace.user(text.strip())
        except KeyError:
            guest = None
        if guest is None or channel.kind not in {"public", "private"}:
            refusal = "Nobody was invited."
            self._tell(channel, user, refusal)
            return _refused(refusal)
        if guest.id not in channel.members:
            self._workspace.invite(channel.id, guest.id)
            notice = f"<@{guest.id}> was added to #{channel.name} by <@{user.id}>."
            self._workspace.post(channel.id, guest.id, notice, subtype="channel_join")
        return Ack(ok=True, status=200, body="", seconds=0.0)

    def _show_answer(self, ack: Ack, channel: Channel, user: User, name: str, typed: str) -> None:
        """Show what the bot said inside its acknowledgement, to the person alone unless it says in_channel."""
        body = ack.json() or ({"text": ack.body} if ack.body.strip() else None)
        if not body:
            return
        try:
            self._response_urls.answer(ResponseUrl(channel.id, user.id, self._now(), typed_command=typed), body)
        except SlackError:
            self._fail(channel, user, name, "invalid_command_response")

    def _fail(self, channel: Channel, user: User, name: str, error: str) -> None:
        self._tell(channel, user, f'{name} failed with the error "{error}"')

    def _tell(self, channel: Channel, user: User, text: str, thread_ts: str | None = None) -> None:
        self._workspace.post(channel.id, SLACKBOT, text, ephemeral_for=user.id, thread_ts=thread_ts)


def _refused(why: str) -> Ack:
    return Ack(ok=False, status=NO_ANSWER, body=why, seconds=0.0)
