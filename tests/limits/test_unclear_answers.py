"""Answers that say nothing: nobody knows whether it was done, so it is looked for or done again, and never given up."""

import asyncio
from collections.abc import Awaitable

import pytest

from bot.call_port import NewCall
from bot.domain import events as e
from bot.domain.ids import CallId, ChannelId, RecordingId, UserId
from bot.errors import ChatUnavailable
from bot.exchanged import Message, Person
from bot.slack.people import STRANGER
from playground.slack_faults import SlackFault
from tests.limits.desk import PATIENCE, Desk, marks
from tests.support.ports import free_port
from tests.support.stories import BEGUN, at

POST, EDIT = "chat.postMessage", "chat.update"
R1 = RecordingId("r1")
RUNNING = e.RecordingUpdated(R1, "RECORDING", observed_at=at(4))
PAUSED = e.RecordingUpdated(R1, "PAUSED", observed_at=at(5))

NOTHING_DONE = {
    "500": SlackFault("status", status=500, body="Internal Server Error"),
    "502 with a web page": SlackFault("status", status=502, body="<html><h1>502 Bad Gateway</h1></html>"),
    "503 without a word": SlackFault("status", status=503),
    "200 with a web page, as from a proxy": SlackFault("status", status=200, body="<html>Please log in</html>"),
    "200 with words": SlackFault("status", status=200, body="ok"),
    "internal_error": SlackFault("error", error="internal_error"),
    "a connection that is dropped at once": SlackFault("drop_before"),
}
DONE = {
    "a connection that is dropped after it was done": SlackFault("drop_after"),
    "an answer that is slower than our patience": SlackFault("delay", seconds=0.6),
}


@pytest.mark.parametrize("how", NOTHING_DONE)
async def test_a_post_that_was_not_made_is_made_once(desk: Desk, how: str) -> None:
    desk.slack.scopes.add("channels:history")
    meeting = await desk.meets("first")
    desk.slack.faults.add(POST, NOTHING_DONE[how])

    with pytest.raises(ChatUnavailable):
        await desk.one.follows(meeting)
    await desk.passes()
    assert await desk.other.follows(meeting) is None

    assert len(desk.slack.workspace.channel_messages("CGENERAL")) == 1
    assert len(desk.called(POST)) == 2


async def test_a_post_that_never_left_is_not_looked_for(desk: Desk) -> None:
    desk.slack.scopes.add("channels:history")
    meeting = await desk.meets("first")
    desk.one.chat._client.base_url = f"http://127.0.0.1:{free_port()}/api/"  # nobody listens there

    with pytest.raises(ChatUnavailable):
        await desk.one.follows(meeting)
    await desk.passes()
    assert await desk.other.follows(meeting) is None

    assert [call.method for call in desk.slack.calls] == [POST]


@pytest.mark.parametrize("how", DONE)
async def test_a_post_that_was_made_all_the_same_is_found_where_reading_is_allowed(desk: Desk, how: str) -> None:
    desk.slack.scopes.add("channels:history")
    meeting = await desk.stands("first")
    await desk.tells(meeting, RUNNING)
    desk.slack.faults.add(POST, DONE[how])

    with pytest.raises(ChatUnavailable):
        await desk.one.follows(meeting)
    await desk.passes()
    assert await desk.other.follows(meeting) is None

    assert marks(desk.called(POST)) == [{"meeting": meeting.id, "slot": "recording:r1"}]


@pytest.mark.parametrize("how", NOTHING_DONE | DONE)
async def test_an_edit_of_which_nobody_knows_is_made_again(desk: Desk, how: str) -> None:
    meeting = await desk.stands("first", "CGENERAL", RUNNING)
    desk.slack.faults.add(EDIT, (NOTHING_DONE | DONE)[how])
    await desk.tells(meeting, PAUSED)

    with pytest.raises(ChatUnavailable):
        await desk.one.follows(meeting)
    await desk.passes()
    assert await desk.other.follows(meeting) is None

    texts = [message.text for message in desk.slack.workspace.messages("CGENERAL")]
    assert any(text.startswith("*Paused*") for text in texts)


@pytest.mark.soak
async def test_nobody_waits_longer_for_any_method_than_our_patience(desk: Desk) -> None:
    chat, channel, user, call = desk.one.chat, ChannelId("CGENERAL"), UserId("UBO"), CallId("R1")
    message, callers = Message("answer", "Hello", ()), [{"slack_id": "UBO"}]
    asked: dict[str, Awaitable[object]] = {
        "chat.postMessage": chat.post(channel, message, thread=None, mark={}),
        "chat.update": chat.edit(channel, "1.1", message),
        "chat.postEphemeral": chat.whisper(channel, user, message),
        "conversations.history": chat.find(channel, thread=None, mark={}),
        "conversations.replies": chat.find(channel, thread="1.1", mark={}),
        "conversations.info": chat.creator(channel),
        "conversations.members": chat.members(channel),
        "usergroups.users.list": chat.team("SDESIGN"),
        "views.open": chat.open_form("1.1", {}),
        "calls.add": chat.calls.add(NewCall("name", "Secret plans", "https://bot/j/1", user, BEGUN)),
        "calls.participants.add": chat.calls.join(call, callers),
        "calls.participants.remove": chat.calls.leave(call, callers),
        "calls.end": chat.calls.end(call, None),
        "auth.test": chat.own_team(),
        "users.info": chat.person(user),
    }
    for method in asked:
        desk.slack.faults.delay(method, 30, times=9)

    async with asyncio.timeout(10 * PATIENCE + 2):
        *ends, person = await asyncio.gather(*asked.values(), return_exceptions=True)

    assert [type(end) for end in ends] == [ChatUnavailable] * len(ends), dict(zip(asked, ends, strict=False))
    assert isinstance(person, Person)
    assert person.name == STRANGER
