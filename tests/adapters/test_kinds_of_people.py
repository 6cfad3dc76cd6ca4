"""What Slack says somebody is, and what counts where it says nothing."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.ids import UserId
from bot.domain.rules import Kind
from bot.errors import ChatBusy, ChatError, ChatRefused, ChatUnavailable, TokenDead
from bot.slack.people import FRESH, KEPT, SILENT, People, kind_of

ANA = UserId("UANA")
OURS = "T0GREENROOM"


class Slack:
    """Answers users.info and auth.test, or does not; time passes when it is told to."""

    def __init__(self, **user: Any) -> None:
        self.user: dict[str, Any] = {"id": "UANA", "team_id": OURS, "name": "ana"} | user
        self.trouble: ChatError | None = None
        self.asked: list[str] = []
        self.time = 1000.0

    async def ask(self, method: str, arguments: Mapping[str, Any], *, form: bool) -> Mapping[str, Any]:
        assert form
        del arguments
        self.asked.append(method)
        if self.trouble:
            raise self.trouble
        return {"team_id": OURS} if method == "auth.test" else {"user": self.user}

    def people(self, team: str | None = OURS) -> People:
        return People(self.ask, team, lambda: self.time)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({}, Kind.MEMBER),
        ({"is_admin": True, "is_owner": True}, Kind.MEMBER),
        ({"is_restricted": True}, Kind.GUEST),
        ({"is_ultra_restricted": True}, Kind.GUEST),
        ({"team_id": "T0OTHER"}, Kind.OUTSIDE),
        ({"team_id": "T0OTHER", "is_restricted": True}, Kind.OUTSIDE),
        ({"is_stranger": True}, Kind.OUTSIDE),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0THIRD", OURS]}}, Kind.MEMBER),
        ({"is_bot": True}, Kind.ROBOT),
        ({"is_workflow_bot": True}, Kind.ROBOT),
        ({"id": "USLACKBOT"}, Kind.ROBOT),
        ({"deleted": True, "is_admin": True}, Kind.GONE),
        ({"team_id": None}, Kind.OUTSIDE),
    ],
)
async def test_a_person_is_what_slack_says_of_them(said: dict[str, Any], kind: Kind) -> None:
    person = await Slack(**said).people().person(ANA)

    assert person.kind is kind
    assert person.admin == (kind is Kind.MEMBER and bool(said.get("is_admin")))


async def test_an_admin_of_another_organisation_runs_nothing_here() -> None:
    assert not (await Slack(team_id="T0OTHER", is_owner=True).people().person(ANA)).admin


async def test_slack_is_asked_once_a_minute_so_that_a_right_that_ended_ends_here() -> None:
    slack = Slack(is_admin=True)
    people = slack.people()
    assert (await people.person(ANA)).admin
    slack.user["is_admin"] = False

    assert (await people.person(ANA)).admin
    slack.time += FRESH
    assert not (await people.person(ANA)).admin
    assert slack.asked == ["users.info"] * 2


@pytest.mark.parametrize(
    "trouble", [ChatBusy("users.info", 30), ChatUnavailable("http_503"), ChatRefused("user_not_found")]
)
async def test_of_whom_slack_says_nothing_nothing_is_supposed(trouble: ChatError) -> None:
    slack = Slack()
    slack.trouble = trouble

    person = await slack.people().person(ANA)

    assert (person.kind, person.admin, person.name, person.dead_token) == (Kind.UNKNOWN, False, "Guest", "")


async def test_where_our_token_is_refused_that_is_the_reason() -> None:
    slack = Slack()
    slack.trouble = TokenDead("token_revoked")

    assert (await slack.people().person(ANA)).dead_token == "token_revoked"


async def test_a_short_silence_of_slack_takes_no_right_and_a_long_one_leaves_the_name() -> None:
    slack = Slack(is_admin=True)
    people = slack.people()
    await people.person(ANA)
    slack.trouble = ChatBusy("users.info", 30)

    slack.time += FRESH
    assert (await people.person(ANA)).admin
    slack.time += KEPT
    later = await people.person(ANA)

    assert (later.kind, later.admin, later.name) == (Kind.UNKNOWN, False, "ana")


async def test_somebody_of_whom_slack_has_just_said_nothing_is_not_asked_for_again_at_once() -> None:
    slack = Slack()
    slack.trouble = ChatBusy("users.info", 30)
    people = slack.people()
    await people.person(ANA)
    slack.trouble = None

    assert (await people.person(ANA)).kind is Kind.UNKNOWN
    slack.time += SILENT
    assert (await people.person(ANA)).kind is Kind.MEMBER


async def test_a_bot_that_does_not_know_its_own_workspace_asks_for_it() -> None:
    slack = Slack()

    assert (await slack.people(team=None).person(ANA)).kind is Kind.MEMBER
    assert slack.asked == ["users.info", "auth.test"]


def test_without_our_own_workspace_nobody_is_taken_for_a_member() -> None:
    assert kind_of({"id": "UANA", "team_id": "T1"}, None) is Kind.UNKNOWN
    assert kind_of({"id": "UANA", "team_id": None}, None) is Kind.UNKNOWN
