"""One story in many orders, with the small numbers of CI."""

import pytest

from tests.soak.orders import run


@pytest.mark.soak
@pytest.mark.timeout(90)
async def test_a_story_in_any_order_to_any_replica_makes_the_same_thread() -> None:
    outcome = await run(orders=6, replicas=3)
    assert outcome.faults == []
    assert outcome.told == 6
