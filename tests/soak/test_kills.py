"""Truth under fire, with the small numbers of CI; docs/reliability.md has the large ones."""

import pytest

from tests.soak.kills import Plan, run
from tests.soak.verdict import Verdict

pytestmark = [pytest.mark.soak, pytest.mark.timeout(150)]


async def test_killing_replicas_loses_nothing_and_doubles_only_what_slack_had_taken() -> None:
    verdict = await run(Plan(kills=6, meetings=5, every=0.8, seed=3))
    nothing_is_lost(verdict)
    assert verdict.figures["doubled without trouble at that moment"] == []


async def test_with_the_history_scopes_nothing_is_doubled_and_redis_may_die_too() -> None:
    verdict = await run(Plan(kills=4, meetings=5, every=1, redis_kills=1, redis_hangs=1, history=True, seed=4))
    nothing_is_lost(verdict)
    assert verdict.doubled_messages == []


async def test_nothing_is_lost_to_a_redis_that_takes_over_from_one_that_was_killed() -> None:
    verdict = await run(Plan(kills=3, meetings=4, every=2, failovers=1, history=True, seed=6))
    assert verdict.figures["threads compared"] == 4
    assert verdict.wrong_threads == []
    if verdict.figures["another Redis took over unasked"] == 0:  # as where the machine stalls: that loses a tail
        assert verdict.faults == []


def nothing_is_lost(verdict: Verdict) -> None:
    assert verdict.faults == []
    assert verdict.figures["threads compared"] == 5
