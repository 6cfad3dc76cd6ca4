"""Private answers: what one person is told."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import events as e
from bot.domain.ids import ChannelId, MeetingId, RecordingId
from bot.domain.meeting import Meeting
from bot.slack.recording_options import KNOWN
from bot.views import actions, replies
from playground.slack_blocks import elements_of, problems_with
from tests.support.stories import MEETING, at, rooms, stories, told

URL = "https://greenroom.example/join/abc"
EVIL = MEETING.model_copy(update={"title": "<!channel> & <https://evil.example|x>"})
HARMLESS = "&lt;!channel&gt; &amp; &lt;https://evil.example|x&gt;"
EVERY = {
    "join_link": lambda meeting: replies.join_link(meeting, URL),
    "no_page": replies.no_page,
    "already_here": lambda meeting: replies.already_here(meeting, "Weekly sync"),
    "cannot_post_here": replies.cannot_post_here,
    "status": replies.status,
    "watch": lambda meeting: replies.watch(meeting, URL, audio=False),
    "audio": lambda meeting: replies.watch(meeting, URL, audio=True),
    "ended": replies.ended,
    "ask_to_end": replies.ask_to_end,
}


def buttons(reply: replies.Reply) -> list[tuple[str, str]]:
    """Give each button's label and what it carries."""
    return [(part["text"]["text"], part["value"]) for block in reply.blocks for part in elements_of(block)]


@pytest.mark.parametrize("name", EVERY)
def test_no_title_becomes_markup_in_an_answer(name: str) -> None:
    reply = EVERY[name](EVIL)

    assert HARMLESS in reply.text
    assert "<!channel>" not in reply.text


@given(rooms(), stories, st.sampled_from(sorted(EVERY)))
def test_slack_takes_every_answer_about_any_meeting(meeting: Meeting, story: list[e.Event], name: str) -> None:
    reply = EVERY[name](told(*story, meeting=meeting))

    assert problems_with(reply.blocks) == []
    assert reply.text


def test_a_link_is_handed_over_as_a_button_and_not_in_words() -> None:
    reply = replies.join_link(MEETING, URL)

    assert URL not in reply.text
    assert reply.blocks[1]["elements"][0]["url"] == URL
    assert "do not pass it on" in reply.text


def test_a_deployment_without_a_page_says_who_can_change_that() -> None:
    assert "whoever runs Greenroom has to set `PUBLIC_URL`" in replies.no_page(MEETING).text


def test_a_living_meeting_is_offered_and_another_one_too() -> None:
    reply = replies.already_here(MEETING, "Retro --record")

    assert reply.text == "*Weekly sync* is on in this channel already: Started by <@UANA> · nobody here yet"
    assert buttons(reply) == [("Join", MEETING.id), ("Start another anyway", "realtimekit:room-1|Retro --record")]


def test_a_meeting_whose_card_stands_elsewhere_is_given_all_the_same() -> None:
    reply = replies.cannot_post_here(told(e.HomeMoved(ChannelId("UANA"), "not_in_channel")))

    assert "Its card is in your direct messages with me. Invite me with `/invite @Greenroom`" in reply.text
    assert buttons(reply) == [("Join", MEETING.id)]


def test_the_status_tells_of_the_meeting_and_its_last_ten_recordings() -> None:
    events = [e.RecordingUpdated(RecordingId(f"r{n:02}"), "UPLOADED", invoked_at=at(n), seconds=n) for n in range(12)]
    reply = replies.status(told(*events))

    assert reply.text.splitlines()[:3] == [
        "*Weekly sync*",
        "Started by <@UANA> · nobody here yet",
        "Stopped after 2 s · saved",
    ]
    assert len(reply.text.splitlines()) == 12


def test_a_closed_meeting_offers_no_way_in() -> None:
    assert buttons(replies.status(told(e.RoomClosed(at(9))))) == []


def test_watching_and_listening_are_for_one_person() -> None:
    film, sound = replies.watch(MEETING, URL, audio=False), replies.watch(MEETING, URL, audio=True)

    assert film.text.startswith("The recording of *Weekly sync*, for you alone.")
    assert sound.text.startswith("The audio of *Weekly sync*, for you alone.")
    assert [label for label, _ in buttons(film) + buttons(sound)] == ["Watch the recording", "Download audio"]


def test_what_is_passed_on_is_nobodys_own_link() -> None:
    assert replies.copy_link(MEETING).text.endswith("gets a link of their own with `/meet join`.")

    with_door = MEETING.model_copy(update={"address": "https://meet.example.com"})
    assert f"<https://meet.example.com/j/{MEETING.id}>" in replies.copy_link(with_door).text


def test_ending_asks_first_and_is_confirmed() -> None:
    assert buttons(replies.ask_to_end(MEETING)) == [("End for everyone", MEETING.id)]
    assert replies.ended(MEETING).text == "*Weekly sync* is ended for everyone."


def test_a_typed_command_is_answered_by_what_is_true_now() -> None:
    meeting = told(e.RecordingUpdated(RecordingId("r1"), "INVOKED"))

    assert replies.recording_done(meeting.recordings[RecordingId("r1")]).text == "Starting the recording…"


def test_the_help_lists_both_commands() -> None:
    answer = replies.help_text(["`/meet`"], ["`/record`"])

    assert answer.text.split("\n\n")[:3] == ["*Greenroom* holds video meetings from Slack.", "`/meet`", "`/record`"]
    assert "\n\n".join(block["text"]["text"] for block in answer.blocks) == answer.text


def test_the_help_names_every_option_of_a_recording() -> None:
    said = "\n".join(replies.RECORDING_OPTIONS)

    assert {word.strip("`").split(" ")[0] for word in re.findall(r"`--[^`]*`", said)} >= {
        f"--{name}" for name in KNOWN.names if name != "bucket"
    }


def test_what_a_button_is_about_is_read_back_from_it() -> None:
    about = (MeetingId("dyte:room"), RecordingId("r1"))

    assert actions.unpack_recording(actions.pack(*about)) == about
    assert actions.unpack_choice(actions.pack(actions.END, MEETING.id)) == (actions.END, MEETING.id)
