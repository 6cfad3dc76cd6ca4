"""What is chosen from the card's menu, and what is said to whoever chose it."""

import pytest

from playground.workspace_values import Message
from tests.edges.place import Place

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def chooses(here: Place, user: str, choice: str) -> Message:
    """Choose from the menu of the newest card and give the private answer."""
    return await here.presses(user, here.cards[-1], "more", selected=f"{choice}|{(await here.stored()).id}")


async def test_ending_for_everyone_is_asked_about_before_it_is_done(here: Place) -> None:
    await here.attended()

    question = await chooses(here, "bo", "end")
    assert question.text.startswith("End *Weekly sync* for everyone?")
    assert here.world.stage.provider.people(here.room)
    answer = await here.presses("bo", question, "meeting_end")

    assert answer.text == "*Weekly sync* is ended for everyone."
    assert not here.world.stage.provider.people(here.room)


async def test_who_chooses_the_end_of_what_has_ended_is_told_so(here: Place) -> None:
    behind = await here.meeting()
    meeting = (await here.stored()).id
    await here.presses("ana", await here.asks("ana", "/meet end"), "meeting_end")
    await here.world.until(lambda: "Ended for everyone" in here.cards[-1].text)

    told = await here.presses("bo", behind, "more", selected=f"end|{meeting}", stale=True)

    assert told.text == "“Weekly sync” was ended for everyone already."


async def test_copy_link_gives_away_nobodys_own_link(here: Place) -> None:
    await here.meeting()

    answer = await chooses(here, "cy", "link")

    assert answer.text.endswith("Everyone in this channel gets a link of their own with `/meet join`.")
    assert "http" not in answer.text
