"""The two people of the playground's workspace who are no full members."""

from bot.domain.rules import Kind
from bot.slack.people import kind_of
from playground.slack_objects import user_object
from playground.visitors import GUEST, PARTNER, let_in
from playground.workspace import sample_workspace


def test_one_is_a_guest_and_one_comes_from_elsewhere_and_both_are_in_a_channel() -> None:
    workspace = sample_workspace()

    let_in(workspace)

    kinds = [kind_of(user_object(workspace, user), workspace.team_id) for user in (GUEST, PARTNER)]
    assert kinds == [Kind.GUEST, Kind.OUTSIDE]
    assert {GUEST.id, PARTNER.id} <= set(workspace.channel("general").members)
