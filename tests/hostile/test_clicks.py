"""Forged, foreign, stale and doubled clicks: each is answered in words, and what is not meant is not done."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.ids import MeetingId, RecordingId
from bot.domain.meeting import Status
from bot.errors import UserError
from bot.views import actions
from playground.workspace_values import Message, User
from tests.edges.place import Place, place
from tests.hostile.forged import FORGOTTEN, OUT_OF_DATE, answer_to, click, own_mistakes, sends
from tests.support.bench import PATIENCE, Bench, button

pytestmark = pytest.mark.asyncio(loop_scope="module")

BUTTONS = (
    actions.JOIN,
    actions.RECORD_START,
    actions.RECORD_PAUSE,
    actions.RECORD_RESUME,
    actions.RECORD_STOP,
    actions.RECORD_OFF,
    actions.RECORD_MARK,
    actions.RECORD_WATCH,
    actions.RECORD_AUDIO,
    actions.RECORD_HIDE,
    actions.RECORD_SHOW,
    actions.RECORD_WATCHERS,
    actions.TRACKS_START,
    actions.TRACKS_FILES,
    actions.END_NOW,
    actions.LIVE_START,
    actions.LIVE_STOP,
)
WITH_RECORDING = {
    actions.RECORD_PAUSE,
    actions.RECORD_RESUME,
    actions.RECORD_STOP,
    actions.RECORD_OFF,
    actions.RECORD_MARK,
    actions.RECORD_WATCH,
    actions.RECORD_AUDIO,
    actions.RECORD_HIDE,
    actions.RECORD_SHOW,
    actions.RECORD_WATCHERS,
    actions.TRACKS_FILES,
}
CONTROLS = {
    actions.RECORD_PAUSE,
    actions.RECORD_RESUME,
    actions.RECORD_STOP,
    actions.RECORD_OFF,
    actions.RECORD_MARK,
}
NONSENSE = (
    "nonsense",
    "realtimekit:",
    "zoom:1",
    "realtimekit:../../accounts",
    "}{:*",
    "\x00",
    "<!channel>",
    "x" * 2000,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def common(shared: Bench) -> Place:
    """Give a channel with a meeting in it to those who do nothing to it."""
    return await _with_meeting(shared)


@pytest_asyncio.fixture(loop_scope="module")
async def here(shared: Bench) -> Place:
    """Give a channel with a meeting in it."""
    return await _with_meeting(shared)


async def _with_meeting(world: Bench) -> Place:
    found = place(world)
    await found.meeting()
    return found


@pytest.fixture(autouse=True)
def nobody_is_at_fault(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Hold that nothing that anybody sends is logged as a mistake of the bot's."""
    yield
    assert own_mistakes(caplog) == []


# ------------------------------------------------------------ values that no button ever held


@pytest.mark.parametrize("action_id", BUTTONS)
async def test_a_value_that_is_nonsense_is_answered_and_nothing_is_done(common: Place, action_id: str) -> None:
    tail = "|x" if action_id in WITH_RECORDING | {actions.LIVE_STOP} else ""
    with common.no_calls():
        for nonsense in NONSENSE:
            said = await answer_to(
                common, click(common.world, common.cards[-1], action_id=action_id, value=nonsense + tail)
            )
            assert said.startswith(FORGOTTEN), nonsense


@pytest.mark.parametrize("action_id", [*BUTTONS, actions.START_ANOTHER, actions.MORE])
async def test_a_click_without_its_value_is_out_of_date(common: Place, action_id: str) -> None:
    odd: list[dict[str, Any]] = [{}, {"value": None}, {"value": 7}, {"value": ["x"]}, {"value": {"a": 1}}]
    odd += [{"selected_option": each} for each in (None, "end", {}, {"value": None}, {"value": 7}, [])]
    with common.no_calls():
        for each in odd:
            assert (
                await answer_to(common, click(common.world, common.cards[-1], action_id=action_id, **each))
                == OUT_OF_DATE
            )


async def test_a_choice_that_the_menu_does_not_have_is_out_of_date(common: Place) -> None:
    meeting = (await common.stored()).id
    with common.no_calls():
        for value in (f"dance|{meeting}", "end", "end|", "|", "", meeting):
            chosen = {"selected_option": {"value": value}}
            payload = click(common.world, common.cards[-1], type="overflow", action_id=actions.MORE, **chosen)
            assert await answer_to(common, payload) == OUT_OF_DATE, value


async def test_a_recordings_button_that_names_no_recording_does_not_take_the_one_that_runs(here: Place) -> None:
    await here.world.stage.provider.enter_stranger(here.room, "Eve")
    await here.asks("ana", "/record")
    await here.knows("RECORDING")
    meeting = (await here.stored()).id
    with here.no_calls():
        for value in (meeting, f"{meeting}|"):
            for action_id in (actions.RECORD_STOP, actions.RECORD_PAUSE):
                said = await answer_to(here, click(here.world, here.cards[-1], action_id=action_id, value=value))
                assert said == OUT_OF_DATE


async def test_the_recording_of_another_meeting_is_not_found_through_this_one(here: Place) -> None:
    other = place(here.world)
    await other.runs()
    theirs = (await other.stored()).in_order[-1].id
    with here.no_calls():
        for action_id in sorted(WITH_RECORDING):
            value = actions.pack((await here.stored()).id, theirs)
            said = await answer_to(here, click(here.world, here.cards[-1], action_id=action_id, value=value))
            unheard_of = "I know of no such recording of that meeting. See `/record list`."
            nothing_runs = "Nothing is being recorded here. Start with `/record`."
            assert said == (nothing_runs if action_id in CONTROLS else unheard_of)


async def test_whatever_is_unpacked_is_ids_or_an_answer() -> None:
    good = actions.pack("realtimekit:r", "rec")
    assert actions.unpack_recording(good) == (MeetingId("realtimekit:r"), RecordingId("rec"))
    assert actions.unpack_request("realtimekit:r|a | b") == (MeetingId("realtimekit:r"), "a | b")
    for odd in ("", "|", "||", "x", "x|", "|x"):
        with pytest.raises(UserError, match="another version"):
            actions.unpack_recording(odd)
        with pytest.raises(UserError, match="another version"):
            actions.unpack_choice(odd)


# ------------------------------------------------------------ guests, strangers, and other channels


async def test_guests_and_people_of_another_workspace_are_let_in(here: Place) -> None:
    """What they may do beside coming in is not decided here (docs/reliability.md, Hostile input)."""
    workspace = here.world.stage.slack.workspace
    workspace.add_user(User("UGUEST", "guest", "A Guest", is_restricted=True))
    workspace.add_user(User("UPARTNER", "partner", "A Partner"))
    for name, person in (("guest", {}), ("partner", {"team_id": "TOTHER"})):
        workspace.invite(here.id, name)
        payload = click(here.world, here.cards[-1], name, action_id=actions.JOIN, value=(await here.stored()).id)
        payload["user"] |= person
        payload["team"] |= {"id": person.get("team_id", payload["team"]["id"])}
        assert (await answer_to(here, payload, name)).startswith("Your own link to *Weekly sync*")
        link = button(here.answers(name)[-1], "open_link")["url"]
        await here.world.stage.provider.enter(await here.world.token_from(link))
    async with asyncio.timeout(PATIENCE):
        while {each.person for each in (await here.stored()).inside} != {"UGUEST", "UPARTNER"}:
            await asyncio.sleep(0.02)


async def test_somebody_whom_slack_does_not_know_is_let_in_as_a_guest(here: Place) -> None:
    """A partner's profile may be hidden from us."""
    payload = click(here.world, here.cards[-1], action_id=actions.JOIN, value=(await here.stored()).id)
    payload["user"] = {"id": "UHIDDEN", "team_id": "THIDDEN"}

    said = await answer_to(here, payload)  # Slack shows the answer to whoever the address was made for

    assert said.startswith("Your own link to *Weekly sync*")
    token = await here.world.token_from(button(here.answers("ana")[-1], "open_link")["url"])
    assert (await here.world.stage.provider.enter(token)).name == "Guest"


async def test_a_click_elsewhere_is_about_the_meeting_of_the_button(here: Place) -> None:
    """Cards are answered where they are pressed, and change where the meeting is; never where the click was."""
    other = place(here.world)
    await other.meeting("Other talk")
    before = other.cards[-1]
    payload = click(here.world, other.cards[-1], action_id=actions.END_NOW, value=(await here.stored()).id)

    assert await answer_to(other, payload) == "*Weekly sync* is ended for everyone."

    assert (await here.stored()).status is Status.CLOSED
    assert (await other.stored()).status is not Status.CLOSED
    assert other.cards == [before]


# ------------------------------------------------------------ stale and doubled


async def test_twenty_clicks_at_once_start_one_recording_and_each_is_answered_or_needs_no_answer(here: Place) -> None:
    await here.world.stage.provider.enter_stranger(here.room, "Eve")
    before = len(here.answers("ana"))
    value = (await here.stored()).id
    clicks = [click(here.world, here.cards[-1], action_id=actions.RECORD_START, value=value) for _ in range(20)]

    assert set(await asyncio.gather(*[sends(here.world, each) for each in clicks])) == {200}

    await here.world.until(lambda: len(here.answers("ana")) >= before + 19)
    assert {m.text for m in here.answers("ana")[before:]} == {
        "This meeting is being recorded already; its controls are in the thread."
    }
    assert len([r for r in here.world.stage.provider.rooms.recordings.values() if r.meeting_id == here.room]) == 1


async def test_the_same_click_delivered_ten_times_is_one_click(here: Place) -> None:
    before = len(here.answers("ana"))
    payload = click(here.world, here.cards[-1], action_id=actions.JOIN, value=(await here.stored()).id)

    assert set(await asyncio.gather(*[sends(here.world, payload) for _ in range(10)])) == {200}

    await here.world.until(lambda: len(here.answers("ana")) > before)
    await asyncio.sleep(0.2)
    assert len(here.answers("ana")) == before + 1


async def test_every_button_of_an_ended_meetings_old_card_says_what_is_true(here: Place) -> None:
    shown: Message = here.cards[-1]
    meeting = (await here.stored()).id
    assert await answer_to(here, click(here.world, shown, action_id=actions.END_NOW, value=meeting))
    with here.no_calls():
        for action_id in (actions.JOIN, actions.RECORD_START, actions.END_NOW):
            said = await answer_to(here, click(here.world, shown, action_id=action_id, value=meeting))
            assert "was ended for everyone" in said
