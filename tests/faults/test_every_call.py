"""Each call of the video service going wrong in each way, for everything that people ask: they are told the truth.

``-m soak`` tries six ways for each call, ``python -m tests.faults`` all of them.
"""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.edges.place import place
from tests.faults.steps import STEPS
from tests.faults.trial import patient_town, tried
from tests.faults.ways import WAYS
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

FEW = 4
"""In how many parts the ways are tried, beginning at another one for each call."""
CALLS = [(step, operation) for step in STEPS for operation in step.calls]
NAMES = [f"{step.what}-{operation}" for step, operation in CALLS]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    """Give a world that takes as many calls as are made."""
    async with patient_town(redis_process) as world:
        yield world


@pytest.fixture(autouse=True)
def mended(shared: Bench) -> Iterator[None]:
    """Leave nothing broken to the test that comes next."""
    yield
    shared.stage.provider.faults.clear()


@pytest.mark.soak
@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", range(len(CALLS)), ids=NAMES)
async def test_many_ways_of_going_wrong_leave_nobody_in_the_dark(shared: Bench, number: int) -> None:
    step, operation = CALLS[number]

    for way in list(WAYS)[number % FEW :: FEW]:
        assert await tried(place(shared), step, operation, way) == [], way
