"""Going live and off the air again, at both providers, in good time and too late."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.views.livestream import line_of
from bot.views.thread import render_thread
from playground.livestream import Livestream
from playground.workspace_values import Message
from tests.edges.place import Place, town
from tests.hostile.forged import click, sends
from tests.support.bench import PATIENCE, Bench, button, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

GONE_LIVE = "*Live to the public* since"
LIVE_ALREADY = "*Live to the public*"
"""It may be quicker on air than the answer is written, and then nobody has said yet since when."""


SERVICES = ["realtimekit", pytest.param("dyte", marks=pytest.mark.soak)]
"""On Dyte the same goes over a wire that the provider tests know; it takes as long once more, so soak has it."""


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=SERVICES)
async def shared(request: pytest.FixtureRequest, redis_process: str) -> AsyncIterator[Bench]:
    """Give a bot on each provider in turn."""
    async with town(redis_process, provider=request.param) as world:
        yield world


def shown(here: Place) -> list[Livestream]:
    """Give what the provider has of this place's newest meeting."""
    return here.world.stage.provider.rooms.livestreams_of(here.room)


async def goes_live(here: Place, by: str = "ana") -> Livestream:
    """Go live and give the provider's livestream once the bot knows that the public can watch, and since when."""
    await here.presses(by, await here.asks(by, "/meet live"), "live_start")
    await said(here, GONE_LIVE)
    return shown(here)[-1]


async def said(here: Place, words: str) -> str:
    """Wait until the newest livestream is to be told with these words, and give the line."""
    async with asyncio.timeout(PATIENCE):
        while True:
            known = (await here.stored()).broadcasts
            if known and words in line_of(known[-1]):
                return line_of(known[-1])
            await asyncio.sleep(0.01)


async def chooses(here: Place, user: str, choice: str) -> Message:
    """Choose from the menu, which the card may not show yet, and give the private answer."""
    option = {"value": f"{choice}|{(await here.stored()).id}"}
    async with here.answered(user):
        chosen = click(here.world, here.cards[-1], user, type="overflow", action_id="more", selected_option=option)
        assert await sends(here.world, chosen) == 200
    return here.answers(user)[-1]


async def test_going_live_is_asked_about_told_in_the_thread_and_ended_from_there(here: Place) -> None:
    await here.meeting()

    question = await chooses(here, "ana", "golive")
    assert question.text.startswith("Show *Weekly sync* to the public?")
    assert button(question, "live_start")["confirm"]["title"]["text"] == "Go live to the public?"
    assert shown(here) == []

    answer = await here.presses("ana", question, "live_start")
    assert answer.text.startswith(("Going live… (asked by <@UANA>)", LIVE_ALREADY))
    reply = await here.reply(GONE_LIVE)
    [livestream] = shown(here)
    base = here.world.stage.provider.base_url
    assert reply.text.endswith(f" · started by <@UANA> · Watch: <{base}/provider/live/{livestream.id}.m3u8>")
    assert livestream.name == "Weekly-sync"
    assert labels(reply) == ["Stop the livestream"]

    await here.world.presses("bo", reply, "live_stop")
    assert (await said(here, "The livestream ended after")).endswith(" · stopped by <@UBO>")
    assert livestream.status == "IDLE"


async def test_live_and_live_stop_are_typed_too(here: Place) -> None:
    await here.attended()
    assert (await here.asks("cy", "/meet live")).text.startswith("Show *Weekly sync* to the public?")
    await goes_live(here, "bo")

    assert (await here.asks("cy", "/meet live")).text.startswith(GONE_LIVE)
    assert re.fullmatch(
        r"The livestream ended after \d+ s · stopped by <@UCY>", (await here.asks("cy", "/meet live stop")).text
    )
    assert (await here.asks("cy", "/meet  LIVE  Stop ")).text.startswith("This meeting is not shown to the public.")


async def test_a_title_that_begins_with_live_is_a_title(here: Place) -> None:
    assert (await here.meeting("Live demo of the week")).text.startswith("Live demo of the week")


async def test_without_a_meeting_there_is_nothing_to_show(here: Place) -> None:
    for text in ("/meet live", "/meet live stop"):
        assert (await here.asks("ana", text)).text.startswith("There is no meeting in this channel.")


async def test_several_who_go_live_at_once_get_one_livestream(here: Place) -> None:
    await here.attended()
    questions = [(user, await here.asks(user, "/meet live")) for user in ("ana", "bo", "cy")]

    answers = await asyncio.gather(*(here.presses(user, each, "live_start") for user, each in questions))

    assert len(shown(here)) == 1
    assert sum(answer.text.startswith(("Going live…", LIVE_ALREADY)) for answer in answers) == 1
    assert sum(answer.text.startswith("This meeting is being shown to the public already") for answer in answers) == 2


async def test_a_second_livestream_of_a_meeting_has_a_reply_of_its_own(here: Place) -> None:
    await here.attended()
    first = await goes_live(here)
    await here.asks("ana", "/meet live stop")
    second = await goes_live(here, "bo")

    assert [each.id for each in shown(here)] == [first.id, second.id]
    assert [message.slot for message in render_thread(await here.stored())][-2:] == [
        f"livestream:{first.id}",
        f"livestream:{second.id}",
    ]


@pytest.mark.parametrize("status", [403, 400, 402])
async def test_what_the_provider_says_of_a_refusal_is_passed_on_kindly(here: Place, status: int) -> None:
    await here.attended()
    question = await here.asks("ana", "/meet live")
    body = {"success": False, "error": {"code": status, "message": "Livestreams are not in your <plan>"}}
    here.world.stage.provider.faults.fail("start_livestream", status, body=body)

    answer = await here.presses("ana", question, "live_start")

    assert answer.text.startswith("The video service will not show this meeting to the public (")
    assert "Livestreams are not in your &lt;plan&gt;)" in answer.text
    assert answer.text.endswith("please ask whoever runs Greenroom.")
    assert (await here.stored()).livestreams == {}


async def test_a_refusal_of_our_credentials_is_told_as_one(here: Place) -> None:
    await here.attended()
    question = await here.asks("ana", "/meet live")
    here.world.stage.provider.faults.fail("start_livestream", 401)

    answer = await here.presses("ana", question, "live_start")

    assert answer.text.startswith("The video service does not accept Greenroom's credentials.")


async def test_a_start_whose_answer_was_lost_is_looked_for_and_not_repeated(here: Place) -> None:
    await here.attended()
    question = await here.asks("ana", "/meet live")
    here.world.stage.provider.faults.drop("start_livestream", after=True)

    answer = await here.presses("ana", question, "live_start")

    assert answer.text.startswith(("Going live…", LIVE_ALREADY))
    assert "started by <@UANA>" in await said(here, GONE_LIVE)
    assert len(shown(here)) == 1


async def test_a_livestream_that_fails_says_so_and_can_be_tried_again(here: Place) -> None:
    here.world.stage.provider.faults.fail_livestreams = 1
    await here.meeting()
    await here.presses("ana", await here.asks("ana", "/meet live"), "live_start")

    failed = await here.reply("*The livestream failed* before anybody could watch")
    assert "· started by <@UANA> · the video service says: The encoder lost its connection ·" in failed.text
    assert labels(failed) == ["Try again"]

    await here.presses("bo", failed, "live_start")
    assert "started by <@UBO>" in await said(here, GONE_LIVE)


async def test_one_that_breaks_off_on_air_is_told_as_a_failure(here: Place) -> None:
    await here.attended()

    here.world.stage.provider.life.livestreams.break_off(await goes_live(here))

    assert "The encoder lost its connection" in await said(here, "*The livestream failed* after")


async def test_one_that_is_stopped_elsewhere_ends_here_too(here: Place) -> None:
    await here.attended()

    here.world.stage.provider.life.livestreams.stop(await goes_live(here))

    assert "stopped by" not in await said(here, "The livestream ended after")


async def test_with_every_webhook_lost_asking_brings_it_right(here: Place) -> None:
    here.world.stage.provider.faults.webhooks.drop_all = True
    await here.attended()
    await here.presses("ana", await here.asks("ana", "/meet live"), "live_start")
    ask = here.world.bot.services.work.ask_now
    [livestream] = shown(here)
    await here.world.until(lambda: livestream.status == "LIVE")
    await ask((await here.stored()).id)
    await said(here, GONE_LIVE)

    here.world.stage.provider.life.livestreams.stop(livestream)
    await ask((await here.stored()).id)
    await said(here, "The livestream ended after")


async def test_ending_for_everyone_takes_the_meeting_off_the_air(here: Place) -> None:
    here.world.stage.provider.faults.livestreams_outlive = True
    await here.attended()
    await goes_live(here)

    await here.presses("bo", await here.asks("bo", "/meet end"), "meeting_end")

    assert [each.status for each in shown(here)] == ["IDLE"]
    await said(here, "The livestream ended after")


async def test_an_end_that_cannot_take_it_off_the_air_says_so_and_can_be_repeated(here: Place) -> None:
    here.world.stage.provider.faults.livestreams_outlive = True
    await here.attended()
    await goes_live(here)
    question = await here.asks("bo", "/meet end")
    here.world.stage.provider.faults.fail("stop_livestream", 500)

    answer = await here.presses("bo", question, "meeting_end")
    assert "the public may still be watching. Please end it once more in a minute." in answer.text

    again = await here.presses("bo", question, "meeting_end")
    # Whoever asks the provider in between may find it and take it off the air first; then there is nothing left to do.
    assert again.text in {"*Weekly sync* is ended for everyone.", "“Weekly sync” was ended for everyone already."}
    await here.world.until(lambda: [each.status for each in shown(here)] == ["IDLE"])


async def test_a_room_that_everyone_has_left_is_not_shown_any_longer(here: Place) -> None:
    provider = here.world.stage.provider
    provider.faults.livestreams_outlive = True
    await here.attended()
    await goes_live(here)

    for peer in provider.people(here.room):
        await provider.leave(peer.id)

    await said(here, "The livestream ended after")
    assert [each.status for each in shown(here)] == ["IDLE"]


async def test_what_is_pressed_when_it_is_over_is_answered_by_what_is_true(here: Place) -> None:
    await here.meeting()
    await goes_live(here)
    reply = await here.reply(GONE_LIVE)
    question = await chooses(here, "bo", "offair")
    assert button(question, "live_stop")["confirm"]["title"]["text"] == "Stop the livestream?"

    await here.world.presses("bo", question, "live_stop")
    assert "stopped by <@UBO>" in await said(here, "The livestream ended after")

    with here.no_calls():
        assert (await here.presses("cy", reply, "live_stop", stale=True)).text == "The livestream has ended already."
        assert (await chooses(here, "cy", "offair")).text == "The livestream has ended already."


async def test_a_meeting_that_was_ended_cannot_be_shown(here: Place) -> None:
    await here.attended()
    question = await here.asks("ana", "/meet live")
    await here.presses("bo", await here.asks("bo", "/meet end"), "meeting_end")

    with here.no_calls():
        typed = await here.asks("ana", "/meet live")
        pressed = await here.presses("ana", question, "live_start")

    assert typed.text == pressed.text == "“Weekly sync” was ended for everyone, so there is nothing to show."


async def test_one_that_was_started_elsewhere_appears_where_the_provider_says_whose_it_is(here: Place) -> None:
    await here.attended()
    provider = here.world.stage.provider
    provider.life.livestreams.start(provider.rooms.meetings[here.room], None)

    if provider.rooms.of("dyte"):
        answer = await here.presses("ana", await here.asks("ana", "/meet live"), "live_start")
        assert answer.text.startswith("This meeting is being shown to the public already")
    assert "started by" not in await said(here, GONE_LIVE)
