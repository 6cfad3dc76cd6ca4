"""Everyone's part in a meeting: who hosts, who is out, which passes work."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import RoomClosed
from bot.domain.ids import UserId
from bot.domain.passes import passes_due
from bot.domain.role_events import EveryoneMuted, GuestInvited, HostHanded, PersonAdded, PersonRemoved
from bot.views.card import card
from bot.views.invitation import invitations
from bot.views.thread import render_thread
from tests.support.stories import MEETING, at, parts, told

ANA, BO, CY, JANE = (UserId(user) for user in ("UANA", "UBO", "UCY", "guest:jane"))
PASS = GuestInvited(JANE, "Jane Doe", ANA, at(0), at(60))


def test_whoever_started_it_hosts_it_until_it_is_handed_over() -> None:
    assert told().hosted_by == ANA
    assert told(HostHanded(BO, ANA, at(1))).hosted_by == BO


def test_of_two_who_hand_over_the_later_one_counts_whichever_is_heard_first() -> None:
    first, second = HostHanded(BO, ANA, at(1)), HostHanded(CY, BO, at(2))

    assert told(first, second).hosted_by == told(second, first).hosted_by == CY


def test_who_is_handed_a_meeting_and_taken_out_of_it_at_once_leaves_it_with_whoever_handed_it_over() -> None:
    """Two commands that are carried out side by side may both find that they can be done."""
    handed, out = HostHanded(BO, CY, at(1)), PersonRemoved(BO, CY, at(1))

    assert told(handed, out).hosted_by == told(out, handed).hosted_by == CY
    assert told(handed, out, PersonRemoved(CY, ANA, at(2))).hosted_by == ANA


def test_who_was_taken_out_is_out_until_they_are_added_again() -> None:
    out, back, again = PersonRemoved(BO, ANA, at(1)), PersonAdded(BO, ANA, at(2)), PersonRemoved(BO, ANA, at(3))

    assert told(out).roles.is_out(BO)
    assert not told(back, out).roles.is_out(BO)
    assert told(again, back, out).roles.is_out(BO)
    assert not told(out).roles.is_out(CY)


def test_at_the_same_moment_being_taken_out_counts_more() -> None:
    assert told(PersonAdded(BO, ANA, at(1)), PersonRemoved(BO, CY, at(1))).roles.is_out(BO)


def test_what_was_given_before_the_removal_stays_dead_also_when_they_are_back() -> None:
    roles = told(PersonRemoved(BO, ANA, at(5)), PersonAdded(BO, ANA, at(9))).roles

    assert roles.is_out(BO, at(4))
    assert roles.is_out(BO, at(5))
    assert not roles.is_out(BO, at(6))


def test_a_pass_works_until_its_time_or_until_it_is_revoked() -> None:
    assert list(told(PASS).roles.valid_guests(at(59))) == [JANE]
    assert not told(PASS).roles.valid_guests(at(60))
    assert not told(PASS, PersonRemoved(JANE, ANA, at(2))).roles.valid_guests(at(3))


def test_a_pass_is_due_at_its_end_unless_it_is_over_before() -> None:
    assert [(entry.at, entry.subject) for entry in passes_due(told(PASS))] == [(at(60), JANE)]
    assert not list(passes_due(told(PASS, PersonRemoved(JANE, ANA, at(2)))))
    assert not list(passes_due(told(PASS, RoomClosed(at(3)))))


@given(st.lists(parts), st.lists(parts))
def test_a_removal_that_is_known_is_never_forgotten(before: list[object], after: list[object]) -> None:
    roles = told(*before, PersonRemoved(BO, ANA, at(2000)), *after).roles  # type: ignore[arg-type]

    assert roles.is_out(BO)


def test_the_card_says_who_has_the_meeting_now() -> None:
    assert card(told()).text == "Weekly sync: Started by <@UANA> · nobody here yet"
    handed = card(told(HostHanded(BO, ANA, at(1)))).text
    assert handed == "Weekly sync: Started by <@UANA> · hosted by <@UBO> · nobody here yet"


def test_the_thread_tells_of_a_handing_over_and_of_a_muting_once_each() -> None:
    meeting = told(HostHanded(BO, ANA, at(1)), HostHanded(CY, BO, at(2)), EveryoneMuted(CY, at(3)))
    said = {message.slot: message.text for message in render_thread(meeting)}

    assert said["host"].startswith("<@UCY> hosts this meeting since")
    assert said["host"].endswith("· handed over by <@UBO>")
    assert said["muted"].startswith("Everyone was muted by <@UCY> at")


def test_who_is_added_gets_one_message_and_who_is_taken_out_loses_its_button() -> None:
    named = MEETING.model_copy(update={"invited": (BO,)})
    story = told(PersonAdded(BO, ANA, at(1)), PersonAdded(CY, BO, at(2)), PersonRemoved(CY, ANA, at(3)), meeting=named)
    bo, cy = invitations(story)

    assert (bo.slot, cy.slot) == ("invite:UBO", "invite:UCY")
    assert bo.text.startswith("<@UANA> invites you")
    assert cy.text.startswith("You were taken out of *Weekly sync*")
    assert not [block for block in cy.blocks if block["type"] == "actions"]
    again = invitations(told(PersonAdded(CY, BO, at(4)), meeting=story))[1]
    assert again.text.startswith("<@UBO> invites you")
    assert again.slot == "invite:UCY"
