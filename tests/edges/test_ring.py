"""Ringing people: one message for each who is missing, and what they answer."""

import aiohttp
import pytest

from bot.domain.ids import UserId
from playground.workspace_values import Message, Team, User
from tests.edges.place import Place
from tests.support.bench import button, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def here(here: Place) -> Place:
    """Give a channel whose people the bot may see."""
    here.world.stage.slack.scopes.update({"channels:read", "groups:read", "usergroups:read"})
    return here


def rung(here: Place, user: str) -> list[Message]:
    """Give the messages that ask somebody into this channel's meeting."""
    return [m for m in here.world.direct(user) if here.id in m.text]


async def until_rung(here: Place, *users: str) -> None:
    await here.world.until(lambda: all(rung(here, user) for user in users))


async def test_who_is_missing_is_named_first_and_rung_at_a_press_with_one_message_each(here: Place) -> None:
    await here.meeting("Weekly sync @cy")
    await until_rung(here, "cy")

    question = await here.asks("ana", "/meet nudge")
    assert question.text.startswith("Not in *Weekly sync* yet: <@UBO> <@UDI>. Ring them?")
    assert labels(question) == ["Ring 2 people"]
    assert not button(question, "ring").get("confirm")
    done = await here.presses("ana", question, "ring")

    assert done.text == "Ringing 2 people. Who cannot come is named on the card."
    await until_rung(here, "bo", "di")
    assert "<@UANA> invites you to *Weekly sync*" in rung(here, "bo")[0].text
    assert [len(rung(here, user)) for user in ("ana", "bo", "cy", "di")] == [0, 1, 1, 1]


async def test_whoever_presses_or_asks_again_finds_nobody_left(here: Place) -> None:
    await here.meeting("Weekly sync")
    question = await here.asks("ana", "/meet nudge")
    await here.presses("ana", question, "ring")

    assert (await here.presses("ana", question, "ring")).text == "Nobody was left to ring."
    assert (await here.asks("ana", "/meet nudge")).text.startswith("Nobody is left to ring")
    await until_rung(here, "bo", "cy", "di")
    assert [len(rung(here, user)) for user in ("bo", "cy", "di")] == [1, 1, 1]


async def test_who_cannot_come_says_so_once_and_the_card_tells_the_host(here: Place) -> None:
    await here.meeting("Weekly sync @bo")
    await until_rung(here, "bo")
    [invitation] = rung(here, "bo")
    assert labels(invitation) == ["Join", "Can't now"]

    await here.world.presses("bo", invitation, "cannot_come")

    await here.world.until(lambda: "Cannot come now: <@UBO>" in str(here.cards[-1].blocks))
    await here.world.until(lambda: labels(rung(here, "bo")[0]) == ["Join"])
    assert "You said that you cannot come now." in rung(here, "bo")[0].text
    assert "UBO" not in (await here.asks("ana", "/meet nudge")).text


async def test_the_menu_of_the_card_asks_the_same(here: Place) -> None:
    card = await here.meeting("Weekly sync")
    choice = next(o["value"] for o in button(card, "more")["options"] if o["text"]["text"] == "Nudge those missing")

    assert (await here.presses("ana", card, "more", selected=choice)).text.startswith("Not in *Weekly sync* yet")


async def test_a_group_that_is_named_is_rung_with_the_start(here: Place) -> None:
    await here.meeting("Design review @designers")

    await until_rung(here, "cy", "di")
    assert not rung(here, "bo")
    assert here.cards[-1].blocks[0]["text"]["text"] == "Design review"


async def test_a_crowd_is_asked_about_first_and_more_than_fifty_with_a_confirm(here: Place) -> None:
    workspace = here.world.stage.slack.workspace
    crowd = tuple(f"UCROWD{number:02}" for number in range(51))
    for each in crowd:
        workspace.people.setdefault(each, User(each, each.lower(), each.title()))
    workspace.teams["SCROWD"] = Team("SCROWD", "everyone-else", crowd)

    await here.meeting("All hands @everyone-else")
    await here.world.until(lambda: here.answers("ana"))

    question = here.answers("ana")[-1]
    assert labels(question) == ["Ring 51 people"]
    assert button(question, "ring")["confirm"]["text"]["text"] == "51 people get a direct message now."
    assert not any(here.world.direct(each) and rung(here, each) for each in crowd[:3])


async def test_typing_channel_rings_nobody_before_it_was_asked(here: Place) -> None:
    await here.meeting("Standup @channel")
    await here.world.until(lambda: here.answers("ana"))

    assert here.answers("ana")[-1].text.startswith("Not in *Standup* yet: <@UBO> <@UCY> <@UDI>. Ring them?")
    assert not rung(here, "bo")


async def test_where_the_bot_may_not_look_it_says_what_to_do_instead(here: Place) -> None:
    await here.meeting("Weekly sync")
    here.world.stage.slack.scopes.difference_update({"channels:read", "groups:read"})

    assert (await here.asks("ana", "/meet nudge")).text == (
        "I cannot see who is in this channel. Name people one by one with `/meet add`."
    )


async def test_there_is_nobody_to_ring_into_a_meeting_that_is_over(here: Place) -> None:
    await here.meeting("Weekly sync")
    await here.presses("ana", await here.asks("ana", "/meet end"), "meeting_end")

    assert (await here.asks("ana", "/meet nudge")).text == "“Weekly sync” was ended for everyone."


async def test_whoever_is_in_is_shown_with_their_picture(here: Place) -> None:
    here.world.stage.slack.workspace.have_portraits_at(here.world.stage.url)
    card = await here.meeting("Weekly sync")

    await here.world.joins("bo", card)

    await here.world.until(lambda: [b for b in here.cards[-1].blocks if b["type"] == "context"])
    [row] = [block for block in here.cards[-1].blocks if block["type"] == "context"]
    assert [(each["alt_text"], each["image_url"]) for each in row["elements"]] == [
        ("bo", f"{here.world.stage.url}/playground/portraits/UBO.svg")
    ]
    async with aiohttp.ClientSession() as browser, browser.get(row["elements"][0]["image_url"]) as picture:
        assert picture.content_type == "image/svg+xml"
        assert ">BB</text>" in await picture.text()


async def test_who_is_taken_out_while_people_are_looked_up_is_not_rung(here: Place) -> None:
    await here.meeting("Weekly sync")
    question = await here.asks("ana", "/meet nudge")
    faults = here.world.stage.slack.faults
    faults.delay("conversations.members", 0.5)
    await here.world.presses("ana", question, "ring")
    await here.world.until(lambda: not faults.is_waiting("conversations.members"))

    await here.asks("ana", "/meet remove @bo")
    await here.world.until(lambda: any(said.text.startswith("Ringing 2") for said in here.answers("ana")))

    await until_rung(here, "cy", "di")
    assert (await here.stored()).roles.is_out(UserId("UBO"))
    assert not rung(here, "bo")


async def test_being_rung_with_the_channel_is_no_way_in_for_who_has_left_it(here: Place) -> None:
    await here.meeting("Weekly sync @cy")
    await here.presses("ana", await here.asks("ana", "/meet nudge"), "ring")
    await until_rung(here, "di", "cy")
    for user in ("di", "cy"):
        here.world.stage.slack.workspace.remove(here.id, user)
    here.world.bot.services.chat._membership._seen.clear()  # type: ignore[attr-defined]  # let a second pass

    said = [await pressed(here, user) for user in ("di", "cy")]

    assert said[0].startswith("You are not in the channel that this belongs to")
    assert said[1].startswith("Your own link to *Weekly sync*")


async def pressed(here: Place, user: str) -> str:
    """Press Join in the message that asked somebody in, and give what they are told."""
    before = len(here.world.private(user))
    await here.world.presses(user, rung(here, user)[0], "join")
    await here.world.until(lambda: len(here.world.private(user)) > before)
    return here.world.private(user)[-1].text


async def test_who_was_taken_out_is_not_named_by_an_old_button(here: Place) -> None:
    await here.meeting("Weekly sync @cy")
    await until_rung(here, "cy")
    [invitation] = rung(here, "cy")
    await here.asks("ana", "/meet remove @cy")

    before = len(here.world.private("cy"))
    await here.world.presses("cy", invitation, "cannot_come", stale=True)

    await here.world.until(lambda: len(here.world.private("cy")) > before)
    assert here.world.private("cy")[-1].text.startswith("The host has taken you out of “Weekly sync”.")
    assert not (await here.stored()).company.cannot_come
