"""What ``/record`` and the recording buttons answer, in good time and too late."""

import asyncio
import re

import pytest

from playground.workspace_values import Message
from tests.edges.place import STARTED, Place
from tests.support.bench import button, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")


# ------------------------------------------------------------ typed


async def test_without_a_meeting_every_word_says_how_to_begin(here: Place) -> None:
    for text in ("/record", "/record start", "/record pause", "/record status"):
        answer = await here.asks("ana", text)

        assert answer.text == "There is no meeting in this channel. Start one with `/meet` and a title."


async def test_record_starts_and_says_so_and_a_second_one_is_told_where_the_controls_are(here: Place) -> None:
    await here.attended()

    answer = await here.asks("ana", "/record")
    assert answer.text.startswith(STARTED)
    assert answer.text.rstrip(")").endswith("by <@UANA>")
    with here.no_calls():
        answer = await here.asks("bo", "/record")

    assert answer.text == "This meeting is being recorded already; its controls are in the thread."


async def test_two_who_ask_at_once_get_one_recording(here: Place) -> None:
    await here.attended()

    answers = await asyncio.gather(*(here.asks(user, "/record") for user in ("ana", "bo", "cy", "di")))

    assert sum(answer.text.startswith(("Starting", "*Recording*")) for answer in answers) == 1
    assert sum("already" in answer.text for answer in answers) == 3
    recordings = here.world.stage.provider.rooms.recordings.values()
    assert [each.meeting_id for each in recordings].count(here.room) == 1


async def test_pause_resume_and_stop_are_typed_too(here: Place) -> None:
    await here.runs()

    assert (await here.asks("bo", "/record pause")).text.startswith("*Paused* by <@UBO> at ")
    assert here.current_recording.status == "PAUSED"
    assert (await here.asks("cy", "/record resume")).text.startswith("*Recording* since ")
    assert (await here.asks("ana", "/record stop")).text.startswith("Stopped by <@UANA>")
    await here.world.until(lambda: here.current_recording.status == "UPLOADED")


async def test_with_nothing_running_pause_resume_and_stop_say_how_to_begin(here: Place) -> None:
    await here.meeting()

    for word in ("pause", "resume", "stop"):
        with here.no_calls():
            answer = await here.asks("ana", f"/record {word}")

        assert answer.text == "Nothing is being recorded here. Start with `/record`."


async def test_status_and_list_say_how_the_recordings_stand(here: Place) -> None:
    await here.attended()
    await here.asks("ana", "/record")

    for text in ("/record status", "/record list"):
        assert re.search(r"\n.*ecording.* by <@UANA>", (await here.asks("bo", text)).text)


async def test_a_word_that_is_not_known_starts_nothing(here: Place) -> None:
    await here.meeting()

    with here.no_calls():
        near = await here.asks("ana", "/record paus")
        far = await here.asks("ana", "/record <everything> & more")

    assert near.text == "Did you mean `/record pause`?"
    assert far.text.startswith("I do not know `/record &lt;everything&gt; &amp; more`. Try one of `start`, `options`,")


async def test_an_ended_meeting_is_not_recorded(here: Place) -> None:
    await here.meeting()
    await here.presses("ana", await here.asks("ana", "/meet end"), "meeting_end")

    with here.no_calls():
        answer = await here.asks("ana", "/record")

    assert answer.text == "“Weekly sync” was ended for everyone, so there is nothing to record."


async def test_a_title_full_of_markup_stays_a_title_in_every_answer(here: Place) -> None:
    await here.meeting("Q&A <!channel> <https://evil.example|free>")
    await here.presses("ana", await here.asks("ana", "/meet end"), "meeting_end")

    for text in ("/record", "/meet join", "/meet end"):
        answer = await here.asks("bo", text)

        assert "“Q&amp;A &lt;!channel&gt; &lt;free&gt;”" in answer.text


# ------------------------------------------------------------ pressed too late, or twice


async def test_a_second_pause_is_told_what_is_true_and_changes_nothing(here: Place) -> None:
    running = await here.recording()
    await here.world.presses("bo", running, "record_pause")
    await here.world.until(lambda: here.current_recording.status == "PAUSED")

    with here.no_calls():
        answer = await here.presses("cy", running, "record_pause", stale=True)

    assert answer.text == "The recording is paused already."


async def test_resuming_what_runs_is_told_what_is_true_and_changes_nothing(here: Place) -> None:
    await here.runs()
    await here.asks("ana", "/record pause")
    paused = await here.reply("*Paused*")
    await here.asks("ana", "/record resume")

    with here.no_calls():
        answer = await here.presses("cy", paused, "record_resume", stale=True)

    assert answer.text == "The recording is running already."


async def test_start_recording_pressed_twice_starts_one(here: Place) -> None:
    card = await here.meeting()

    async with here.answered("ana"):
        await asyncio.gather(*(here.world.presses("ana", card, "record_start") for _ in range(2)))

    assert here.answers("ana")[-1].text == "This meeting is being recorded already; its controls are in the thread."
    assert here.current_recording
    assert len([c for c in here.world.stage.provider.calls_of("start_recording") if here.room in str(c.request)]) == 1


async def test_a_recording_that_the_service_stopped_by_itself_is_told_to_who_stops_it(here: Place) -> None:
    """The bot is behind, because the webhook got lost."""
    await here.runs()
    here.world.stage.provider.faults.webhooks.drop_all = True
    here.world.stage.provider.life.recordings.stop(here.current_recording, "INTERNAL_ERROR")

    answer = await here.asks("ana", "/record stop")

    assert answer.text.startswith("The recording has stopped already;")


# ------------------------------------------------------------ its file


async def test_a_finished_recording_is_handed_out_until_its_file_is_gone(here: Place) -> None:
    running = await here.recording()
    await here.asks("ana", "/record stop")
    ready = await here.reply("Recording ready")

    await controls_that_are_behind_change_nothing(here, running)
    await whoever_asks_gets_a_link_for_themselves(here, ready)
    await the_list_hands_it_out_too(here)
    await a_file_that_is_gone_is_said_to_be_gone(here, ready)


async def controls_that_are_behind_change_nothing(here: Place, running: Message) -> None:
    for action in ("record_stop", "record_pause"):
        with here.no_calls():
            answer = await here.presses("cy", running, action, stale=True)

        assert answer.text == "The recording has stopped already; its file is ready in the thread."


async def whoever_asks_gets_a_link_for_themselves(here: Place, ready: Message) -> None:
    film = await here.presses("cy", ready, "record_watch")
    assert film.text.startswith("The recording of *Weekly sync*, for you alone.")
    assert button(film, "open_link")["url"] not in ready.text + str(ready.blocks)

    assert film.ephemeral_for == "UCY"


async def the_list_hands_it_out_too(here: Place) -> None:
    answer = await here.asks("bo", "/record list")

    assert labels(answer) == ["Watch"]
    assert button(await here.presses("bo", answer, "record_watch"), "open_link")["url"]


async def a_file_that_is_gone_is_said_to_be_gone(here: Place, ready: Message) -> None:
    past = {"id": here.current_recording.id, "status": "UPLOADED", "download_url_expiry": "2020-01-01T00:00:00Z"}
    here.world.stage.provider.faults.fail("get_recording", status=200, body={"success": True, "data": past})
    answer = await here.presses("cy", ready, "record_watch")
    assert answer.text == "The video service has deleted this recording: it keeps files for seven days."

    del here.world.stage.provider.rooms.recordings[here.current_recording.id]
    answer = await here.presses("cy", ready, "record_watch")
    assert answer.text == "The video service has deleted this recording."


async def test_a_button_of_another_version_says_so(here: Place) -> None:
    post = here.world.stage.slack.workspace.post
    element = {"type": "button", "text": {"type": "plain_text", "text": "Wave"}, "action_id": "wave", "value": "x"}
    old = post(here.id, "UGREENROOM", "Old", blocks=({"type": "actions", "block_id": "b", "elements": [element]},))

    answer = await here.presses("bo", old, "wave")

    assert answer.text.startswith("This button is from another version of Greenroom and does nothing now.")
