"""Meetings where the bot is no guest: private channels, two people's DM, and people who cannot be written to."""

import pytest

from playground.workspace_values import Message, User
from tests.edges.place import STARTED, Place, place
from tests.support.bench import Bench, button, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")


def host(world: Bench) -> str:
    """Hire somebody whom nobody has written to yet, so that no test waits for another's turn to post."""
    number = len(world.stage.slack.workspace.people)
    return world.stage.slack.workspace.add_user(User(f"UHOST{number}", f"host{number}", "A Host")).id


def private_channel(world: Bench, owner: str) -> Place:
    return place(world, "private", (owner, "UBO"))


def direct_card(world: Bench, user: str) -> Message:
    return next(m for m in reversed(world.direct(user)) if not m.is_reply)


def thread_of(world: Bench, card: Message) -> list[Message]:
    return world.stage.slack.workspace.thread(card.channel, card.ts)[1:]


async def test_a_public_channel_needs_no_invitation(shared: Bench) -> None:
    here = place(shared, "public", ("UANA", "UBO"))

    await here.meeting()

    assert not here.answers("ana")


async def test_in_a_private_channel_the_host_is_told_where_the_card_is_and_how_to_have_it_here(shared: Bench) -> None:
    ana = host(shared)
    here = private_channel(shared, ana)

    answer = await here.asks(ana, "/meet Secret plans")

    assert answer.text == (
        "*Secret plans* is ready, but I cannot post in this channel. Its card is in your direct messages with me. "
        "Invite me with `/invite @Greenroom` to have the next one here. "
        "Everyone here gets a link of their own with `/meet join`."
    )
    assert labels(answer) == ["Join"]
    card = direct_card(shared, ana)
    assert card.text.startswith(f"Secret plans: Started by <@{ana}>")
    assert f"This is here and not in <#{here.id}> because I cannot post there" in str(card.blocks)
    assert not here.cards


async def test_everything_goes_on_from_there(shared: Bench) -> None:
    ana = host(shared)
    here = private_channel(shared, ana)
    await here.asks(ana, "/meet Secret plans")
    card = direct_card(shared, ana)

    joined = await here.asks("bo", "/meet join")
    await shared.stage.provider.enter(await shared.token_from(button(joined, "open_link")["url"]))
    assert (await here.asks("bo", "/record")).text.startswith(STARTED)
    await shared.until(lambda: any("Recording" in m.text for m in thread_of(shared, card)))
    question = await here.asks("bo", "/meet end")
    assert (await here.presses("bo", question, "meeting_end")).text == "*Secret plans* is ended for everyone."


async def test_whoever_asks_next_in_that_channel_gets_the_same_meeting(shared: Bench) -> None:
    ana = host(shared)
    here = private_channel(shared, ana)
    await here.asks(ana, "/meet Secret plans")

    answer = await here.asks("bo", "/meet Other plans")

    assert answer.text.startswith("*Secret plans* is on in this channel already")


async def test_once_invited_the_next_card_stands_in_the_channel(shared: Bench) -> None:
    ana = host(shared)
    here = private_channel(shared, ana)
    await here.asks(ana, "/meet Secret plans")
    await here.presses(ana, await here.asks(ana, "/meet end"), "meeting_end")

    await shared.says(ana, here.id, "/invite @greenroom")
    await shared.says(ana, here.id, "/meet Open plans")

    await shared.until(lambda: any(m.text.startswith("Open plans") for m in here.cards))


async def test_in_the_dm_of_two_people_the_thread_lives_with_the_host_and_nobody_is_told_to_invite(
    shared: Bench,
) -> None:
    """An app cannot be invited to a conversation of two."""
    cy = host(shared)
    here = place(shared, "im", (cy, "UDI"))

    answer = await here.asks(cy, "/meet One to one @di")

    assert answer.text == (
        "*One to one* is ready, but apps cannot post in a conversation between people. Its card is in your direct "
        "messages with me. Everyone here gets a link of their own with `/meet join`."
    )
    assert labels(answer) == ["Join"]
    await shared.until(lambda: any("invites you to *One to one*" in m.text for m in shared.direct("di")))
    notice = direct_card(shared, cy).blocks[2]["elements"][0]["text"]
    assert notice.startswith("This is here because apps cannot post in a conversation between people")


async def test_whoever_cannot_be_written_to_is_named_on_the_card(shared: Bench) -> None:
    here = place(shared)
    shared.stage.slack.workspace.archive("DDI")

    eve = host(shared)
    await shared.says("ana", here.id, f"/meet Weekly @di @{shared.stage.slack.workspace.user(eve).name}")
    try:
        await shared.until(lambda: "I could not send a message to <@UDI>" in str(here.cards[-1].blocks))
        await shared.until(lambda: any("invites you to *Weekly*" in m.text for m in shared.direct(eve)))
    finally:
        shared.stage.slack.workspace.archive("DDI", archived=False)


async def test_an_archived_channel_of_a_running_meeting_moves_the_thread_to_the_host(shared: Bench) -> None:
    di = host(shared)
    here = place(shared, members=(di,))
    await here.meeting("Closing down", by=di)
    await shared.stage.provider.enter_stranger(here.room, "Eve")
    shared.stage.slack.workspace.archive(here.id)

    await shared.stage.provider.kick_all(here.room)

    await shared.until(lambda: direct_card(shared, di).text.startswith("Closing down: "))
