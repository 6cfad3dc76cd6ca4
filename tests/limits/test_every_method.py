"""Each method of Slack that the bot calls, failing in each way: people are told kindly, nothing is tried in vain."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from _pytest.mark.structures import ParameterSet
from redis.asyncio import Redis

from playground.slack import SlackSimulator
from playground.slack_faults import SlackFault
from playground.slack_web_api import METHODS
from tests.edges.place import town
from tests.limits import journeys
from tests.limits.journeys import Journey, Trouble
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

PASSING = {
    "429": SlackFault("ratelimited", seconds=1),
    "ratelimited in a 200": SlackFault("error", error="ratelimited"),
    "500": SlackFault("status", status=500, body="Internal Server Error"),
    "502 with a web page": SlackFault("status", status=502, body="<html><h1>502 Bad Gateway</h1></html>"),
    "200 with a web page": SlackFault("status", status=200, body="<html>Please log in</html>"),
    "200 with an empty object": SlackFault("status", status=200, body="{}"),
    "200 with nothing but ok": SlackFault("status", status=200, body='{"ok": true}'),
    "200 with words": SlackFault("status", status=200, body="[1]"),
    "internal_error": SlackFault("error", error="internal_error"),
    "dropped before": SlackFault("drop_before"),
    "dropped after": SlackFault("drop_after"),
}
"""Met by one call, and then all goes well."""
LONG = "429 for long"
LASTING = {
    LONG: SlackFault("ratelimited", seconds=40),
    **{
        code: SlackFault("error", error=code)
        for code in (
            "not_in_channel",
            "is_archived",
            "restricted_action",
            "msg_too_long",
            "message_not_found",
            "token_revoked",
            "account_inactive",
            "a_word_that_is_new",
        )
    },
}
"""Met by every call from then on."""
QUICK = {"message_not_found"}
SLOW = {"calls.participants.remove", "calls.end"}
"""Slack's card of a call is told of people once in some seconds."""
USUAL = QUICK | {"429", "502 with a web page", "dropped after", LONG, "restricted_action", "token_revoked"}
ALL = "EVERY_FAULT" in os.environ
"""Whether each method is to meet each fault, and not only the usual ones: it takes some minutes."""
DEAD = {"token_revoked", "account_inactive"}


NOT_TOLD_APART = {
    *(("response_url", fault) for fault in ("200 with an empty object", "200 with nothing but ok", "200 with words")),
    *((method, "200 with nothing but ok") for method in ("chat.postEphemeral", "views.open")),
}
"""Answers from which nobody could tell that nothing was done."""


@dataclass(frozen=True)
class Way:
    """What people do that needs a method.

    Args:
        journey: what they do.
        well: what they see when it goes well, and after what has passed.
        or_else: what they see when it does not; ``well`` where that can be done without.
        most: how often it is called when it fails for good: twice where bare words may do better, or another place.
        alone: whether there is no other way to tell this person anything.

    """

    journey: Journey
    well: str
    or_else: str = ""
    most: int = 1
    alone: bool = False


SLOW_DOWN = "Slack asks me to slow down, so I could not finish this"
NO_ANSWER = "Slack did not answer me, so I could not finish this"
NO_TOKEN = "Slack does not accept my token any more"
WAYS = {
    "chat.postMessage": Way(
        journeys.a_meeting_is_asked_for,
        r"Started by <@UHOST",
        rf"\*Weekly sync\* is ready.*(/meet join|{NO_TOKEN})",
        most=4,
    ),
    "chat.update": Way(journeys.somebody_comes_in, "Eve", "nobody here yet", most=2),
    "chat.postEphemeral": Way(journeys.an_answer_finds_its_address_used_up, "There is no meeting", alone=True),
    "response_url": Way(journeys.somebody_asks_how_things_are, "There is no meeting in this channel"),
    "views.open": Way(journeys.a_form_is_asked_for, "a form", "so the form did not open|Slack did not open the form"),
    "users.info": Way(journeys.somebody_new_joins, "/join/", rf"/join/|{NO_TOKEN}|Slack does not tell me right now"),
    "conversations.members": Way(
        journeys.who_is_missing_is_asked_for,
        "Not in .* yet",
        rf"{SLOW_DOWN}|{NO_ANSWER}|{NO_TOKEN}|I cannot see who is in this channel",
    ),
    "conversations.members at a door": Way(journeys.a_door_is_opened, "^200 .*Join", "^503 .*again|^403 .*/meet join"),
    "usergroups.users.list": Way(
        journeys.a_group_is_rung,
        "Started by|Weekly sync",
        rf"{NO_TOKEN}|I cannot see who belongs to that group|Weekly sync",
        most=2,
    ),
    "conversations.info": Way(
        journeys.rules_are_asked_for, "The rules of", rf"{SLOW_DOWN}|{NO_ANSWER}|{NO_TOKEN}|The rules of|form"
    ),
    "calls.add": Way(journeys.a_call_is_asked_for, "Secret plans.*is ready"),
    "calls.participants.add": Way(journeys.somebody_comes_into_a_call, "A Host", "nobody"),
    "calls.participants.remove": Way(journeys.somebody_leaves_a_call, "^Bo Berg$", "A Host, Bo Berg"),
    "calls.end": Way(journeys.everybody_leaves_a_call, "nobody|A Host"),
    "openid.connect.token": Way(
        journeys.somebody_comes_back_from_signing_in, "^303", "^503 .*again|^400 .*sign in once more"
    ),
    "openid keys": Way(journeys.somebody_comes_back_to_new_keys, "^303", "^503 .*again|^400 .*sign in once more"),
}
"""What people do, by the method that it needs."""

TIMES = 50
NEVER = re.compile(r"went wrong on my side|Traceback|[Ee]xception|xoxb-|<html|ClientError|_error\b(?!`)")
"""What no person is told."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(redis_process: str) -> AsyncIterator[Bench]:
    async with town(redis_process, one_click=True) as made:
        more = ("calls:write", "channels:read", "groups:read", "im:read", "usergroups:read", "channels:history")
        made.stage.slack.scopes.update(more)
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def slack(world: Bench) -> AsyncIterator[SlackSimulator]:
    """Give Slack; afterwards all is well again, and all that was put off has been done."""
    yield world.stage.slack
    world.stage.slack.faults.clear()
    async with Redis.from_url(world.redis_url) as redis:
        for pattern in ("meet:ban:*", "meet:dead:*", "meet:gate:*", "meet:line:*", "*:edited:*", "*:told:*"):
            async for key in redis.scan_iter(match=pattern):
                await redis.delete(key)
    for meeting in await world.bot.store.stale():
        await world.bot.services.work.follow(meeting)
    await world.settles()


def is_nobody_to_tell(name: str, fault: str) -> bool:
    """Tell whether neither a token nor an address is left to reach anybody with; it is in the log then."""
    return WAYS[name].alone and fault in DEAD


def cases(faults: dict[str, SlackFault]) -> list[ParameterSet]:
    """Give each method with each fault; most of them take a second, so soak has those."""
    return [
        pytest.param(
            name, fault, marks=() if fault in QUICK and name not in SLOW else pytest.mark.soak, id=f"{name}, {fault}"
        )
        for name in WAYS
        for fault in faults
        if (ALL or fault in USUAL) and (name, fault) not in NOT_TOLD_APART and not is_nobody_to_tell(name, fault)
    ]


def well_said(said: str, log: pytest.LogCaptureFixture, world: Bench) -> None:
    """Hold what was said and written to what must never be in it."""
    keys = world.stage.keys
    secrets = (keys.bot_token, keys.signing_secret, world.stage.slack.openid.client_secret)
    assert not NEVER.search(said), said
    assert not [secret for secret in secrets if secret in said + log.text]
    assert not [record.getMessage() for record in log.records if record.exc_info and record.exc_info[0]]


@pytest.mark.parametrize(("name", "fault"), cases(PASSING))
async def test_what_passes_is_told_kindly_or_comes_right_by_itself(
    world: Bench, slack: SlackSimulator, caplog: pytest.LogCaptureFixture, name: str, fault: str
) -> None:
    way, method = WAYS[name], name.partition(" at ")[0]

    trouble = Trouble(slack, method, PASSING[fault])

    said = await way.journey(world, trouble)

    assert re.search(f"{way.well}|{way.or_else}" if way.or_else else way.well, said, re.DOTALL), said
    assert trouble.met
    well_said(said, caplog, world)


@pytest.mark.parametrize(("name", "fault"), cases(LASTING))
async def test_what_is_for_good_is_told_kindly_and_not_tried_again(
    world: Bench, slack: SlackSimulator, caplog: pytest.LogCaptureFixture, name: str, fault: str
) -> None:
    way, method = WAYS[name], name.partition(" at ")[0]
    trouble = Trouble(slack, method, LASTING[fault], TIMES, waits=fault in DEAD | {LONG})
    said = await way.journey(world, trouble)
    await asyncio.sleep(0.1)  # in which nothing more is to happen

    assert re.search(way.or_else or way.well, said, re.DOTALL), said
    assert 1 <= trouble.met <= way.most
    well_said(said, caplog, world)


def spelt_in_the_code() -> set[str]:
    """Find every word that is spelt as methods are."""
    return {
        word
        for path in Path("bot").rglob("*.py")
        for word in re.findall(r'"([a-z]+(?:\.[a-zA-Z]+)+)"', path.read_text())
    }


async def test_no_method_is_forgotten_here() -> None:
    known = {*METHODS, "views.open", "views.update", "openid.connect.token", "apps.connections.open"}

    left_out = spelt_in_the_code() & known - {name.partition(" at ")[0] for name in WAYS}

    assert left_out == {"auth.test", "conversations.history", "conversations.replies"}, "these have tests of their own"
