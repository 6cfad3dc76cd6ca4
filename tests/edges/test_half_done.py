"""The video service failing half way: what was done stays done, the rest can be asked for again, and both are said."""

import pytest

from tests.edges.place import Place
from tests.support.bench import button, plain

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFUSED = "The video service did not accept this (RealtimeKit answered 400 to {}: The simulator was told to fail)"


def presets(here: Place) -> dict[str, str]:
    """Give the rights that everybody has at the service."""
    places = here.world.stage.provider.rooms.participants_of(here.room)
    return {place.custom_participant_id: place.preset_name for place in places}


async def comes_in(here: Place, *users: str) -> None:
    for user in users:
        link = str(button(await here.asks(user, "/meet join"), "open_link")["url"])
        await here.world.stage.provider.enter(await here.world.token_from(link))


# ------------------------------------------------------------ handing over


async def test_a_hand_over_that_the_service_does_not_hear_of_says_so_and_can_be_done_once_more(here: Place) -> None:
    await here.meeting()
    await comes_in(here, "ana", "bo")
    here.world.stage.provider.faults.fail("edit_participant", 400)

    answer = await here.asks("ana", "/meet host @bo")

    assert answer.text.startswith("<@UBO> hosts this meeting now, but the video service could not be told.")
    assert "(ref " in answer.text
    assert presets(here) == {"UANA": "group_call_host", "UBO": "group_call_participant"}
    assert (await here.asks("ana", "/meet host @bo")).text.startswith("<@UBO> hosts *Weekly sync* now.")
    assert presets(here) == {"UANA": "group_call_participant", "UBO": "group_call_host"}


async def test_who_hosts_by_half_has_the_rights_when_they_come_in(here: Place) -> None:
    await here.meeting()
    await comes_in(here, "ana", "bo")
    here.world.stage.provider.faults.fail("edit_participant", 400, times=2)
    await here.asks("ana", "/meet host @bo")
    here.world.stage.provider.faults.clear()

    await comes_in(here, "bo", "ana")

    assert presets(here) == {"UANA": "group_call_participant", "UBO": "group_call_host"}


async def test_only_who_handed_it_over_may_say_so_again(here: Place) -> None:
    await here.meeting()
    await here.asks("ana", "/meet host @bo")

    with here.no_calls():
        assert "Only the host, <@UBO>, may" in (await here.asks("cy", "/meet host @bo")).text
        assert "Only the host, <@UBO>, may" in (await here.asks("ana", "/meet host @cy")).text


# ------------------------------------------------------------ recordings


@pytest.mark.parametrize("asked", ["pause", "off 10m", "stop"])
async def test_what_the_service_refuses_is_told_as_a_refusal(here: Place, asked: str) -> None:
    await here.runs()
    here.world.stage.provider.faults.fail("update_recording", 400)

    answer = await here.asks("bo", f"/record {asked}")

    assert answer.text.startswith(REFUSED.format(f"{'stop' if asked == 'stop' else 'pause'}_recording"))
    assert here.current_recording.status == "RECORDING"


async def test_a_pause_whose_first_answer_got_lost_is_whoever_asked_for_its_doing(here: Place) -> None:
    await here.runs()
    here.world.stage.provider.faults.drop("update_recording", after=True)

    await here.asks("bo", "/record pause")

    await here.reply("*Paused* by <@UBO>")


async def test_going_off_the_record_is_going_off_it_although_an_answer_got_lost(here: Place) -> None:
    await here.runs()
    here.world.stage.provider.faults.drop("update_recording", after=True)

    assert (await here.asks("bo", "/record off 10m")).text.startswith("*Off the record* by <@UBO> until ")


async def test_going_off_the_record_once_more_after_silence_finds_it_paused_and_has_it_come_back(here: Place) -> None:
    await here.runs()
    here.world.stage.provider.faults.drop("update_recording", after=True, times=3)
    assert "I cannot tell whether it did what you asked" in (await here.asks("bo", "/record off 10m")).text

    assert (await here.asks("bo", "/record off 10m")).text.startswith("*Off the record* by <@UBO> until ")


@pytest.mark.parametrize("asked", ["/record", "/record tracks"])
async def test_a_start_of_which_nothing_more_is_heard_is_not_told_as_none(here: Place, asked: str) -> None:
    await here.attended()
    operation = "start_tracks" if "tracks" in asked else "start_recording"
    here.world.stage.provider.faults.drop(operation, after=True, for_good=True)

    answer = await here.asks("bo", asked)

    assert "I cannot tell whether it did what you asked" in answer.text
    here.world.stage.provider.faults.clear()
    assert "is being recorded already" in (await here.asks("bo", asked)).text
    assert len(here.world.stage.provider.rooms.recordings_of(here.room)) == 1


# ------------------------------------------------------------ livestreams


async def test_a_livestream_that_was_stopped_is_stopped_although_nothing_more_is_heard_of_it(here: Place) -> None:
    await here.attended()
    await here.presses("ana", await here.asks("ana", "/meet live"), "live_start")
    await here.world.until(lambda: here.world.has_reply("Live to the public since", here.id))
    here.world.stage.provider.faults.fail("get_livestream", times=50)

    answer = await here.asks("ana", "/meet live stop")

    assert "Nothing was changed" not in answer.text
    assert "livestream" in plain(answer.text)
