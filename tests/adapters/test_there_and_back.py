"""A message that changes and changes back, while it is unclear whether the edit in between was made."""

import pytest

from bot.domain import events as e
from bot.domain.ids import RecordingId
from bot.errors import ChatUnavailable
from tests.support.chat_double import ChatDouble
from tests.support.scene import Scene
from tests.support.stories import at

R1 = RecordingId("r1")
RUNNING, PAUSED, RUNNING_AGAIN = (
    e.RecordingUpdated(R1, status, observed_at=at(minute), started_at=at(1))
    for minute, status in ((2, "RECORDING"), (3, "PAUSED"), (4, "RECORDING"))
)


async def test_a_message_that_changed_back_is_edited_although_it_looks_as_it_was_last_known(
    scene: Scene, chat: ChatDouble
) -> None:
    await scene.shows(RUNNING)
    await scene.tells(PAUSED)
    chat.next("edit", lost=ChatUnavailable("the answer was lost, or we were killed before it came"))
    with pytest.raises(ChatUnavailable):
        await scene.follows()
    assert chat.text("recording:r1").startswith("*Paused*")

    await scene.tells(RUNNING_AGAIN)
    await scene.settles()

    assert chat.text("recording:r1").startswith("*Recording*")
