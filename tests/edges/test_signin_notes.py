"""The note in the browser that says who is signed in: nobody but the deployment can write one."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ids import UserId
from bot.visitors import SIGNED_IN_FOR, Visitors
from tests.edges.browsers import Browser
from tests.edges.signing_in import (  # noqa: F401 - fixtures
    DOOR,
    SIGNED_IN,
    ana_fixture,
    shared_fixture,
)
from tests.support.bench import Bench
from tests.support.clock import Clock

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANA = UserId("UANA")

Forgery = Callable[[str, str, str, str], str]
FORGERIES: dict[str, Forgery] = {
    "another user": lambda version, _, end, proof: f"{version}.UBO.{end}.{proof}",
    "a later end": lambda version, user, end, proof: f"{version}.{user}.{int(end) + 1}.{proof}",
    "another version": lambda _, user, end, proof: f"v2.{user}.{end}.{proof}",
    "no version": lambda _, user, end, proof: f"{user}.{end}.{proof}",
    "another proof": lambda version, user, end, proof: f"{version}.{user}.{end}.{'A' * len(proof)}",
    "no proof": lambda version, user, end, _: f"{version}.{user}.{end}.",
    "the same proof, written in another way": lambda *parts: ".".join(parts) + "=",
    "an end written in another way": lambda version, user, end, proof: f"{version}.{user}.0{end}.{proof}",
    "digits of another script": lambda version, user, end, proof: f"{version}.{user}.\u0661{end}.{proof}",
    "nothing": lambda *_: "",
    "a word": lambda *_: "UANA",
    "very long": lambda *_: "v1." + "U" * 3000,
}


def visitors(shared: Bench, **ago: float) -> Visitors:
    return Visitors(shared.stage.keys.signing_secret, Clock(datetime.now(UTC) - timedelta(**ago)))


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_note_that_was_changed_is_nobodys(ana: Browser, shared: Bench, forgery: Forgery) -> None:
    ana.keeps(SIGNED_IN, forgery(*visitors(shared).note(ANA).split(".")))

    assert (await ana.get(DOOR)).title == "Sign in to go on"
    assert (await ana.post(DOOR)).status == 401


async def test_a_note_ends(ana: Browser, shared: Bench) -> None:
    hours = SIGNED_IN_FOR.total_seconds() / 3600
    ana.keeps(SIGNED_IN, visitors(shared, hours=hours - 0.01).note(ANA))
    assert (await ana.get(DOOR)).status == 404, "signed in, at the door of no meeting"

    ana.keeps(SIGNED_IN, visitors(shared, hours=hours).note(ANA))
    assert (await ana.get(DOOR)).title == "Sign in to go on"


async def test_a_note_of_another_deployment_is_nobodys(ana: Browser) -> None:
    ana.keeps(SIGNED_IN, Visitors("another secret", Clock(datetime.now(UTC))).note(ANA))

    assert (await ana.get(DOOR)).title == "Sign in to go on"


async def test_a_note_holds_an_id_an_end_and_nothing_else(ana: Browser) -> None:
    await ana.signs_in(DOOR)
    version, user, end, proof = ana.cookies[SIGNED_IN].split(".")

    assert (version, user) == ("v1", "UANA")
    assert abs(int(end) - time.time() - SIGNED_IN_FOR.total_seconds()) < 60
    assert len(proof) == 43
