"""Clicks and commands as a hostile Slack would send them: rightly signed, and full of what no button ever held."""

import json
import logging
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from playground.slack_payloads import block_actions, command_fields
from playground.workspace_values import Message
from tests.edges.place import Place
from tests.invariants.hostile import send, slack_headers
from tests.support.bench import Bench

OUT_OF_DATE = "This button is from another version of Greenroom and does nothing now. Type `/meet help`."
FORGOTTEN = "That meeting was too long ago, I do not remember it. Start a new one with `/meet`."


def click(world: Bench, message: Message, user: str = "ana", **action: Any) -> dict[str, Any]:
    """Write the payload of a click with an action of one's own making."""
    slack = world.stage.slack
    here, who = slack.workspace.channel(message.channel), slack.workspace.user(user)
    url = slack.response_urls.make(here.id, who.id, source=message.ts)
    full = {"type": "button", "block_id": "b", "action_ts": "1.0", **action}
    return block_actions(slack.workspace, here, who, message, full, url)


async def sends(world: Bench, payload: Any) -> int:
    """Send an interaction, signed as Slack signs, and give the status."""
    return await sends_body(world, b"payload=" + quote(json.dumps(payload)).encode())


async def sends_body(world: Bench, body: bytes, *, at: float | None = None) -> int:
    """Send a form, signed as Slack signs, and give the status."""
    return await send(f"{world.bot.url}/slack/events", body, slack_headers(world, body, at=at))


def command(world: Bench, channel: str, text: str, user: str = "ana", **others: str) -> bytes:
    """Write a slash command whose text nobody has escaped or shortened."""
    slack = world.stage.slack
    here, who = slack.workspace.channel(channel), slack.workspace.user(user)
    url = slack.response_urls.make(here.id, who.id, typed_command="/meet")
    return urlencode({**command_fields(slack.workspace, here, who, "/meet", text, url), **others}).encode()


async def answer_to(here: Place, payload: dict[str, Any], user: str = "ana") -> str:
    """Send a click and give the private answer to it."""
    async with here.answered(user):
        assert await sends(here.world, payload) == 200
    return here.answers(user)[-1].text


def own_mistakes(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give the lines of log that say that the bot itself is at fault."""
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info]
