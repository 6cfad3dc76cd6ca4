"""Who may do what: the defaults, and what no choice can change."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rules import WITHIN, Act, Circle, Kind, Limit, Rules, Who, may_change_rules, who_of
from bot.views.refusals import not_allowed

acts, circles, limits = st.sampled_from(list(Act)), st.sampled_from(list(Circle)), st.sampled_from(list(Limit))
rules = st.builds(
    Rules,
    **{act.value: circles for act in Act},  # type: ignore[arg-type]
    guests=limits,
    outside=limits,
)
OTHERS = (Who.GUEST, Who.OUTSIDE, Who.UNKNOWN)
ORDER = list(Circle)


def test_by_default_members_do_what_they_did_and_others_join_and_watch() -> None:
    usual = Rules()
    allowed = {who: {act for act in Act if usual.allow(act, who)} for who in Who}

    assert allowed[Who.HOST] == allowed[Who.ADMIN] == set(Act)
    assert allowed[Who.MEMBER] == set(Act) - {Act.PEOPLE}
    assert allowed[Who.GUEST] == allowed[Who.OUTSIDE] == allowed[Who.UNKNOWN] == {Act.JOIN, Act.WATCH}
    assert not allowed[Who.NOBODY]


@given(rules, acts)
def test_the_host_and_admins_may_everything_and_nobody_may_nothing(chosen: Rules, act: Act) -> None:
    assert chosen.allow(act, Who.HOST)
    assert chosen.allow(act, Who.ADMIN)
    assert not chosen.allow(act, Who.NOBODY)


@given(rules, acts, st.sampled_from(OTHERS))
def test_no_guest_may_what_a_member_may_not(chosen: Rules, act: Act, who: Who) -> None:
    assert not chosen.allow(act, who) or chosen.allow(act, Who.MEMBER)


@given(rules, acts, st.sampled_from(list(Who)), circles)
def test_a_narrower_circle_lets_nobody_in_whom_a_wider_one_keeps_out(
    chosen: Rules, act: Act, who: Who, other: Circle
) -> None:
    narrower = max(chosen.circle(act), other, key=ORDER.index)

    assert not chosen.changed({act.value: narrower}).allow(act, who) or chosen.allow(act, who)


@given(rules, acts)
def test_somebody_of_whom_slack_says_nothing_may_no_more_than_a_guest_and_than_an_outsider(
    chosen: Rules, act: Act
) -> None:
    if chosen.allow(act, Who.UNKNOWN):
        assert chosen.allow(act, Who.GUEST)
        assert chosen.allow(act, Who.OUTSIDE)


def test_the_limits_hold_one_another() -> None:
    sizes = [WITHIN[limit] for limit in (Limit.EVERYONE, Limit.WATCH, Limit.JOIN, Limit.NOTHING)]

    assert all(wider > narrower for wider, narrower in itertools.pairwise(sizes))


@given(st.sampled_from(list(Kind)), st.booleans(), st.booleans())
def test_robots_and_those_who_left_are_nobody_and_only_members_run_anything(
    kind: Kind, admin: bool, host: bool
) -> None:
    who = who_of(kind, admin=admin, host=host)

    assert (who is Who.NOBODY) == (kind in {Kind.ROBOT, Kind.GONE})
    assert who is not Who.ADMIN or (admin and kind is Kind.MEMBER)
    assert (who is Who.HOST) == (host and who is not Who.NOBODY)
    assert not may_change_rules(kind, admin=admin, creator=True) or kind is Kind.MEMBER
    assert not may_change_rules(kind, admin=False, creator=False)


@given(rules, st.dictionaries(st.text(max_size=8) | acts.map(str), st.text(max_size=8) | circles | st.booleans()))
def test_what_makes_no_sense_changes_no_rule(chosen: Rules, wild: dict[str, object]) -> None:
    after = chosen.changed(wild)

    for act in Act:
        assert after.circle(act) == (wild[act] if wild.get(act) in list(Circle) else chosen.circle(act))


@given(rules, acts, st.sampled_from(list(Who)), st.none() | st.just("UANA"))
def test_every_refusal_says_who_may_or_what_to_do(chosen: Rules, act: Act, who: Who, host: str | None) -> None:
    text = not_allowed(act, who, chosen, host)  # type: ignore[arg-type]

    assert "may" in text
    assert text.endswith(".")
    assert len(text) < 300
