"""Defects that an attack found and whose remedy had to be decided first."""

import pytest
from redis.asyncio import Redis

from bot.domain import events as e
from bot.domain.apply import apply
from bot.domain.ids import MeetingId, PeerId, SessionId
from bot.domain.meeting import Status
from playground.rooms import Meeting as Room
from tests.support.bench import Bench, elements
from tests.support.stories import at, told

S1 = SessionId("s1")


def test_a_join_without_its_session_whose_leave_was_lost_ends_with_the_session() -> None:
    meeting = told(
        e.SessionStarted(S1, at(0)),
        e.ParticipantJoined(PeerId("old"), person="UBO", at=at(1)),
        e.SessionEnded(S1, at(30)),
    )
    assert meeting.status is Status.ENDED

    again = apply(meeting, e.ParticipantJoined(PeerId("new"), person="UBO", at=at(40)))
    assert again.status is Status.LIVE


@pytest.mark.parametrize("text", ["End of quarter", "Join us for lunch", "status report", "Help desk"])
async def test_a_title_may_begin_with_a_word_of_the_command(world: Bench, text: str) -> None:
    await world.says("ana", "general", f"/meet {text}")

    assert (await world.has_card()).text.startswith(f"{text}: ")


@pytest.mark.soak
async def test_a_message_that_slack_never_takes_holds_up_no_other(world: Bench) -> None:
    await world.says("ana", "general", "/meet Weekly sync")
    card = await world.has_card()
    world.stage.slack.faults.error("chat.postMessage", "invalid_arguments", times=2)
    await world.presses("ana", card, "record_start")
    await world.until(lambda: not world.stage.slack.faults.waiting()["calls"])
    await world.joins("bo", card)

    await world.until(lambda: "<@UBO>" in world.card().text)
    await world.settles()
    assert not world.direct("ana"), "one refused message is no reason to move the thread"


async def test_a_room_that_was_closed_in_the_dashboard_is_closed_here_too(world: Bench) -> None:
    await world.says("ana", "general", "/meet Weekly sync")
    await world.has_card()
    room: Room = next(iter(world.stage.provider.rooms.meetings.values()))
    room.status = "INACTIVE"

    await world.bot.services.work.ask_now(await only_meeting(world))
    await world.until(lambda: world.card().text.startswith("Weekly sync: Ended for everyone"))
    assert not elements(world.card())


async def test_a_meeting_of_yesterday_is_asked_about_once_somebody_has_a_new_token(world: Bench) -> None:
    await world.says("ana", "general", "/meet Weekly sync")
    await world.token_from(await world.link_of("bo", await world.has_card()))
    saved = await world.bot.store.get(await only_meeting(world))

    assert saved is not None
    assert saved.meeting.awaited_at is not None
    assert saved.meeting.awaited_at > saved.meeting.created_at


async def only_meeting(world: Bench) -> MeetingId:
    client = Redis.from_url(world.redis_url)
    found = [key async for key in client.scan_iter(match="meet:channel:*")]
    name = await client.get(found[0])
    await client.aclose()
    return MeetingId(name.decode())
