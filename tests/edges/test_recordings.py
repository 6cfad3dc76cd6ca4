"""The list of a channel's recordings over real HTTP: turned, hidden, shown again, and who watched."""

import asyncio

import pytest

from bot.domain import events as e
from bot.domain.ids import ChannelId, MeetingId, RecordingId, UserId
from playground.workspace_values import Message
from tests.edges.place import Place
from tests.support.bench import PATIENCE, button, labels
from tests.support.stories import at, told

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def shelve(here: Place, number: int) -> None:
    """Have many things recorded in this channel long ago, by @bo in meetings of @ana."""
    for n in range(number):
        own = RecordingId(f"r{n}")
        done = e.RecordingUpdated(own, "UPLOADED", invoked_at=at(n), seconds=60 * n)
        meeting = told(e.RecordingActed(own, "start", UserId("UBO"), at(n)), done, title=f"Talk {n}")
        identity, channel = MeetingId(f"realtimekit:{here.id}-{n}"), ChannelId(here.id)
        place = {"id": identity, "channel": channel, "home": channel}
        await here.world.bot.store.add(meeting.model_copy(update=place))
        await here.world.bot.store.settle(identity, 1)


async def finished(here: Place) -> Message:
    """Have a meeting of @ana recorded to the end by @bo, and give the announcement."""
    await here.attended()
    await here.asks("bo", "/record")
    await here.world.until(lambda: here.current_recording.status == "RECORDING")
    await here.knows("RECORDING")
    await here.asks("bo", "/record stop")
    return await here.reply("Recording ready")


async def turned(here: Place, user: str, shown: Message, action: str, **which: object) -> Message:
    """Press a button of the list and give the list as it is then: the same message."""
    before, count = shown.text, len(here.answers(user))

    def now() -> Message:
        [found] = [each for each in here.answers(user) if each.ts == shown.ts]
        return found

    await here.world.presses(user, shown, action, **which)
    await here.world.until(lambda: now().text != before)  # what else they were told meanwhile is no list
    assert len(here.answers(user)) == count, "the list stays one message"
    return now()


async def edits(here: Place) -> int:
    """Wait until this channel's thread shows its meeting, and count what was edited there."""
    identity = (await here.stored()).id
    async with asyncio.timeout(PATIENCE):
        while (saved := await here.world.bot.store.get(identity)) is None or saved.is_stale:
            await asyncio.sleep(0.01)
    calls = (call for call in here.world.stage.slack.calls if call.method == "chat.update")
    return len([call for call in calls if call.args["channel"] == here.id])


def talks(shown: Message) -> list[str]:
    return [line.split("*")[1] for line in shown.text.splitlines()[1:]]


async def test_an_empty_list_says_how_to_begin_also_where_nobody_ever_met(here: Place) -> None:
    nothing = (await here.asks("ana", "/record list")).text
    await here.meeting()

    assert "Start a meeting with `/meet` and a title" in nothing
    assert (await here.asks("ana", "/record list")).text == nothing


async def test_the_list_is_one_message_that_is_turned_forth_and_back(here: Place) -> None:
    await shelve(here, 8)
    first = await here.asks("cy", "/record list")
    assert talks(first) == [f"Talk {n}" for n in (7, 6, 5, 4, 3, 2)]
    assert labels(first)[-1] == "Older"
    assert "Newer" not in labels(first)

    second = await turned(here, "cy", first, "recordings_older")
    assert talks(second) == ["Talk 1", "Talk 0"]
    assert labels(second)[-1] == "Newer"

    again = await turned(here, "cy", second, "recordings_newer")
    assert talks(again) == talks(first)


async def test_what_is_hidden_on_a_later_page_leaves_the_reader_there(here: Place) -> None:
    await shelve(here, 9)
    second = await turned(here, "bo", await here.asks("bo", "/record list"), "recordings_older")
    value = button(second, "record_hide")["value"]

    hidden = await turned(here, "bo", second, "record_hide", value=value)

    assert talks(hidden) == talks(second) == ["Talk 2", "Talk 1", "Talk 0"]
    assert "Talk 2* · " in hidden.text
    assert "hidden from the channel by <@UBO>" in hidden.text.splitlines()[1]
    assert talks(await here.asks("cy", "/record list")) == [f"Talk {n}" for n in (8, 7, 6, 5, 4, 3)]


async def test_a_finished_recording_is_watched_hidden_and_shown_again(here: Place) -> None:
    ready = await finished(here)

    await the_host_learns_who_watched_and_nothing_is_written_to_the_channel(here, ready)
    await a_link_that_has_run_out_is_said_to_be_gone_and_asked_for_anew_each_time(here, ready)
    await it_is_hidden_from_the_thread_and_from_others_and_shown_again(here, ready)


async def the_host_learns_who_watched_and_nothing_is_written_to_the_channel(here: Place, ready: Message) -> None:
    before = await edits(here)
    for user in ("cy", "di", "cy"):
        await here.presses(user, ready, "record_watch")

    shown = await here.asks("ana", "/record list")
    answer = await here.presses("ana", shown, "record_watchers")

    assert [line.split()[0] for line in answer.text.splitlines()[1:]] == ["<@UCY>", "<@UDI>"]
    assert "See who watched" not in labels(await here.asks("bo", "/record list"))
    assert await edits(here) == before


async def a_link_that_has_run_out_is_said_to_be_gone_and_asked_for_anew_each_time(here: Place, ready: Message) -> None:
    """Neither service renews a link after seven days."""
    here.world.stage.provider.faults.links_expired = True
    answer = await here.presses("cy", await here.asks("cy", "/record list"), "record_watch")
    assert answer.text == "The video service has deleted this recording: it keeps files for seven days."
    here.world.stage.provider.faults.links_expired = False
    assert button(await here.presses("cy", ready, "record_watch"), "open_link")["url"]


async def it_is_hidden_from_the_thread_and_from_others_and_shown_again(here: Place, ready: Message) -> None:
    shown = await here.asks("bo", "/record list")
    assert "Hide from the channel" not in labels(await here.asks("cy", "/record list"))
    shown = await turned(here, "bo", shown, "record_hide")
    await here.world.until(lambda: ready.ts in {m.ts for m in here.replies if "Recording hidden by <@UBO>" in m.text})
    await a_stale_button_is_refused_but_for_those_who_may_show_it(here, ready)
    assert "Weekly sync" not in (await here.asks("cy", "/record list")).text

    await turned(here, "bo", shown, "record_show")
    assert "Weekly sync" in (await here.asks("cy", "/record list")).text


async def a_stale_button_is_refused_but_for_those_who_may_show_it(here: Place, ready: Message) -> None:
    answer = await here.presses("cy", ready, "record_watch", stale=True)
    assert answer.text == "Recording hidden by <@UBO>. They, or <@UANA>, can show it again."
    for user in ("ana", "bo"):
        assert button(await here.presses(user, ready, "record_watch", stale=True), "open_link")["url"]
