"""What ``/meet`` answers to whoever types it, in all its words."""

import asyncio

import pytest

from playground.workspace_values import Message
from tests.edges.place import Place, place, town
from tests.support import trial_form
from tests.support.bench import button, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVERYONE = ("ana", "bo", "cy", "di")


async def test_help_lists_every_word_of_both_commands_for_one_person_alone(here: Place) -> None:
    answer = await here.asks("bo", "/meet help")

    assert [line.split("`")[1] for line in answer.text.splitlines() if line.startswith("`")] == [
        "/meet Weekly sync @bo --record",
        "/meet join",
        "/meet nudge",
        "/meet status",
        "/meet live",
        "/meet host @bo",
        "/meet add @cy",
        "/meet remove @cy",
        "/meet mute",
        "/meet guest Jane Doe",
        "/meet guests",
        "/meet settings",
        "/meet end",
        "/meet help",
        "/record --codec vp8 --size 1280x720",
        "/record options",
        "/record pause",
        "/record resume",
        "/record off 10m",
        "/record mark decided on v2",
        "/record stop",
        "/record status",
        "/record list",
        "/record tracks [stop]",
        "/record help",
    ]
    assert answer.ephemeral_for == "UBO"
    assert not here.cards


async def test_help_is_found_however_it_is_typed(here: Place) -> None:
    assert (await here.asks("bo", "/meet   HELP ")).text == (await here.asks("bo", "/meet help")).text


async def test_help_after_record_lists_recordings_first(here: Place) -> None:
    answer = await here.asks("bo", "/record help")

    assert answer.text.index("/record pause") < answer.text.index("/meet join")


async def test_status_join_and_end_say_that_there_is_nothing_yet_and_how_to_begin(here: Place) -> None:
    for word in ("status", "join", "end"):
        answer = await here.asks("ana", f"/meet {word}")

        assert answer.text == "There is no meeting in this channel. Start one with `/meet` and a title."


async def test_status_says_how_the_meeting_stands_and_offers_to_join(here: Place) -> None:
    await here.meeting()

    answer = await here.asks("cy", "/meet status")

    assert answer.text == "*Weekly sync*\nStarted by <@UANA> · nobody here yet"
    assert labels(answer) == ["Join"]


async def test_join_gives_everyone_a_link_of_their_own_and_a_place_that_stays(here: Place) -> None:
    await here.meeting()

    links = [button(await here.asks(user, "/meet join"), "open_link")["url"] for user in ("bo", "cy", "bo")]

    assert len(set(links)) == 3
    tokens = [await here.world.token_from(link) for link in links]
    peers = [await here.world.stage.provider.enter(token) for token in tokens]
    assert peers[0].participant_id == peers[2].participant_id != peers[1].participant_id


async def test_end_asks_first_and_then_ends_for_everyone(here: Place) -> None:
    await here.world.joins("bo", await here.meeting())

    question = await here.asks("ana", "/meet end")
    assert question.text.startswith("End *Weekly sync* for everyone?")
    assert here.world.stage.provider.people(here.room)
    answer = await here.presses("ana", question, "meeting_end")

    assert answer.text == "*Weekly sync* is ended for everyone."
    assert not here.world.stage.provider.people(here.room)
    assert here.world.stage.provider.calls_of("update_meeting")[-1].request == {"status": "INACTIVE"}


async def ended(here: Place) -> Message:
    """Start and end a meeting; give the question that was answered."""
    await here.meeting()
    question = await here.asks("ana", "/meet end")
    await here.presses("ana", question, "meeting_end")
    await here.world.until(lambda: "Ended for everyone by <@UANA>" in here.cards[-1].text)
    assert not labels(here.cards[-1])
    return question


async def test_a_second_end_is_told_what_is_true_and_changes_nothing(here: Place) -> None:
    question = await ended(here)

    with here.no_calls():
        pressed = await here.presses("ana", question, "meeting_end")
        typed = await here.asks("bo", "/meet end")

    assert pressed.text == typed.text == "“Weekly sync” was ended for everyone already."
    assert not labels(typed)


async def test_nobody_can_join_what_was_ended_from_a_card_that_is_behind(here: Place) -> None:
    await ended(here)

    with here.no_calls():
        typed = await here.asks("bo", "/meet join")
        pressed = await here.presses("cy", here.cards[-1], "join", stale=True)

    assert pressed.text == typed.text == "“Weekly sync” was ended for everyone, nobody can join it any more."


async def test_status_of_an_ended_meeting_offers_no_way_in(here: Place) -> None:
    await ended(here)

    answer = await here.asks("bo", "/meet status")

    assert "Ended for everyone by <@UANA>" in answer.text
    assert not labels(answer)


async def test_a_slip_of_the_keyboard_is_asked_about_and_starts_nothing(here: Place) -> None:
    answer = await here.asks("ana", "/meet staus")

    assert answer.text == "Did you mean `/meet status`? For a meeting of that name, type `/meet start staus`."
    assert not here.cards
    await here.world.says("ana", here.id, "/meet start staus")
    assert (await here.card()).text.startswith("staus: ")


async def test_an_unknown_option_is_answered_with_the_nearest(here: Place) -> None:
    answer = await here.asks("ana", "/meet Weekly --recrod")

    assert answer.text == "I do not know the option `--recrod`: did you mean `--record`? Nothing was started."
    assert not here.cards


async def test_where_the_service_chooses_the_region_the_option_says_so(here: Place) -> None:
    answer = await here.asks("ana", "/meet Weekly --region eu-central-1")

    assert answer.text.startswith("This video service chooses the region by itself, so leave out `--region`.")
    assert not here.cards


@pytest.mark.asyncio(loop_scope="function")
async def test_where_there_are_regions_one_of_them_can_be_chosen(redis_process: str) -> None:
    async with town(redis_process, provider="dyte") as world:
        here = place(world)
        answer = await here.asks("ana", "/meet Weekly --region mars")
        assert answer.text.startswith("`--region` takes one of `ap-south-1`, `ap-southeast-1`,")
        answer = await here.asks("ana", "/meet Weekly --region")
        assert answer.text.startswith("`--region` needs a value, as in `--region ap-south-1`.")
        unknown = await here.asks("ana", "/meet Weekly --regoin eu-central-1")
        assert unknown.text.startswith("I do not know the option `--regoin`: did you mean `--region`?")
        assert not here.cards

        await here.meeting("Weekly --region EU-central-1")
        made = world.stage.provider.calls_of("create_meeting")[-1]
        assert (made.request["title"], made.request["preferred_region"]) == ("Weekly", "eu-central-1")


async def test_where_a_meeting_is_on_already_it_is_offered_and_another_one_too(here: Place) -> None:
    await here.meeting("Weekly sync")

    answer = await here.asks("bo", "/meet Retro @cy")
    assert answer.text == "*Weekly sync* is on in this channel already: Started by <@UANA> · nobody here yet"
    assert labels(answer) == ["Join", "Start another anyway"]
    assert len(here.cards) == 1
    await here.world.presses("bo", answer, "start_another")

    await here.world.until(lambda: len(here.cards) == 2)
    assert here.cards[-1].text == "Retro: Started by <@UBO> · nobody here yet"
    assert (await here.asks("bo", "/meet status")).text.startswith("*Retro*")


async def test_start_another_pressed_twice_starts_one(here: Place) -> None:
    await here.meeting("Weekly sync")
    question = await here.asks("bo", "/meet Retro")

    await asyncio.gather(*(here.world.presses("bo", question, "start_another") for _ in range(2)))
    await here.world.until(lambda: len(here.cards) == 2 and len(here.answers("bo")) == 2)

    assert here.answers("bo")[-1].text.startswith("*Retro* is on in this channel already")
    assert len(here.cards) == 2


async def test_twenty_who_start_at_once_get_one_meeting(here: Place) -> None:
    people = EVERYONE * 5

    await asyncio.gather(*(here.world.says(user, here.id, f"/meet Standup {n}") for n, user in enumerate(people)))
    await here.world.until(lambda: sum(len(here.answers(user)) for user in EVERYONE) == len(people) - 1)

    assert len(here.cards) == 1
    made = [room for room in here.world.stage.provider.rooms.meetings.values() if room.title.startswith("Standup")]
    assert len(made) == 1
    for answer in (answer for user in EVERYONE for answer in here.answers(user)):
        assert "is on in this channel already" in answer.text


async def test_a_record_from_the_start_is_said_on_the_card_and_asked_of_the_service(here: Place) -> None:
    card = await here.meeting("Weekly --record")

    assert card.text.endswith("· nobody here yet · will be recorded")
    assert here.world.stage.provider.rooms.meetings[here.room].title == "Weekly"
    await here.world.joins("bo", card)
    await here.reply("*Recording* since")


@pytest.mark.asyncio(loop_scope="function")
async def test_where_the_commands_have_other_names_every_answer_uses_those(redis_process: str) -> None:
    names = {"SLACK_MEET_COMMAND": "/video", "SLACK_RECORD_COMMAND": "/film"}
    async with town(redis_process, **names) as world:
        world.stage.slack.commands = frozenset(names.values())
        here, hidden = place(world), place(world, "private", ("UANA", "UBO"))

        nothing = await here.asks("ana", "/film")
        await here.asks("bo", "/video help")
        moved = await hidden.asks("ana", "/video Secret plans")
        await here.asks("ana", "/video staus")
        none = await hidden.asks("ana", "/film list")
        trial_form.register(world.bot.routes)
        await world.says("ana", here.id, "/video trial")
        form = str(world.form("ana").blocks)

    assert nothing.text == "There is no meeting in this channel. Start one with `/video` and a title."
    assert "`/video join`" in moved.text
    assert none.text.startswith("No recordings in this channel yet. Start a meeting with `/video`")
    assert none.text.endswith("type `/film`.")
    assert "`/video help`" in form
    for answer in [*here.answers("ana"), *here.answers("bo"), *hidden.answers("ana")]:
        shown = str(answer.blocks) + answer.text
        assert "/meet" not in shown
        assert "/record" not in shown
