"""What Slack will never take is asked once, in each of its forms, and costs nothing else its place."""

import pytest

from bot.domain import events as e
from bot.domain.ids import PeerId, RecordingId, SessionId
from bot.errors import MessageRefused, TokenDead
from tests.support.chat_double import ChatDouble
from tests.support.scene import Scene
from tests.support.stories import at

R1, S1 = RecordingId("r1"), SessionId("s1")
JOINED = e.ParticipantJoined(PeerId("p1"), S1, "UBO", "Bo", at(1))
CAME_TOO = e.ParticipantJoined(PeerId("p2"), S1, "UCY", "Cy", at(2))
TOO_LONG = MessageRefused("msg_too_long")


async def test_a_card_whose_new_look_is_refused_stays_where_it_is_and_takes_the_next_one(
    scene: Scene, chat: ChatDouble
) -> None:
    await scene.shows()
    chat.next("edit", refused=TOO_LONG)
    chat.next("edit", refused=TOO_LONG)
    await scene.tells(JOINED)
    await scene.settles()
    assert chat.count("edit") == 2, "as it is, and in plain words"
    assert chat.slots() == ["card"]
    assert chat.one("card").channel == "CGENERAL"

    await scene.passes()
    await scene.tells(CAME_TOO)
    await scene.settles()
    assert chat.text("card").endswith("<@UBO> <@UCY>")
    assert chat.count("edit") == 3


async def test_a_reply_whose_new_look_is_refused_takes_the_next_one(scene: Scene, chat: ChatDouble) -> None:
    await scene.shows(e.RecordingUpdated(R1, "INVOKED"))
    chat.next("edit", refused=TOO_LONG)
    chat.next("edit", refused=TOO_LONG)
    await scene.tells(e.RecordingUpdated(R1, "RECORDING", observed_at=at(4)))
    await scene.settles()
    await scene.passes()
    await scene.tells(e.RecordingUpdated(R1, "PAUSED", observed_at=at(5)))
    await scene.settles()

    assert chat.text("recording:r1") == "*Paused*"


async def test_a_post_that_a_dead_token_kept_from_being_made_is_not_looked_for(scene: Scene, chat: ChatDouble) -> None:
    await scene.begins()
    chat.next("post", refused=TokenDead("token_revoked"))
    await scene.follows()
    await scene.settles()

    assert chat.count("find") == 0
    assert chat.slots() == ["card"]


@pytest.mark.parametrize("code", ["user_disabled", "messages_tab_disabled"])
async def test_a_host_who_cannot_be_written_to_either_is_noted(scene: Scene, chat: ChatDouble, code: str) -> None:
    chat.closed |= {"CGENERAL": "not_in_channel", "DUANA": code}
    await scene.begins()
    await scene.settles()

    assert (await scene.meeting()).unreachable == {"UANA": code}
    assert chat.count("post") == 2
