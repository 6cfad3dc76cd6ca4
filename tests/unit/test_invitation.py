"""The direct message to those who were named."""

from bot.domain import events as e
from bot.domain.ids import ChannelId, UserId
from bot.views.invitation import invitations
from tests.support.stories import at, told

NAMED = (UserId("UBO"), UserId("UCY"))


def test_everyone_named_gets_a_message_of_their_own_with_a_way_in() -> None:
    messages = invitations(told(invited=NAMED))

    assert [(message.slot, message.to) for message in messages] == [("invite:UBO", "UBO"), ("invite:UCY", "UCY")]
    assert {message.text for message in messages} == {"<@UANA> invites you to *Weekly sync* in <#CGENERAL>."}
    assert messages[0].blocks[-1]["elements"][0]["action_id"] == "join"
    assert messages[0].blocks[-1]["elements"][0]["value"] == "realtimekit:room-1"


def test_a_conversation_between_people_is_not_named() -> None:
    (message,) = invitations(told(invited=NAMED[:1], channel=ChannelId("DANABO")))

    assert message.text == "<@UANA> invites you to *Weekly sync*."


def test_after_the_end_there_is_no_way_in() -> None:
    (message,) = invitations(told(e.RoomClosed(at(9)), invited=NAMED[:1]))

    assert message.text == "*Weekly sync* in <#CGENERAL> is over."
    assert len(message.blocks) == 1


def test_those_who_cannot_be_written_to_are_left_out() -> None:
    messages = invitations(told(e.InviteFailed(UserId("UBO"), "user_disabled"), invited=NAMED))

    assert [message.to for message in messages] == ["UCY"]


def test_nobody_named_is_nobody_invited() -> None:
    assert invitations(told()) == []
