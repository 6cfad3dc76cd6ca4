"""What the bot asks by itself, going wrong in each way: nothing that goes on is taken for over, and it comes right."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bot.domain.meeting import Meeting
from tests.edges.place import Place, place
from tests.faults.steps import shown
from tests.faults.trial import hearing, patient_town
from tests.faults.ways import WAYS
from tests.support.bench import PATIENCE, Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

READS = (
    "list_sessions",
    "get_active_session",
    "list_session_participants",
    "list_recordings",
    "get_recording",
    "get_active_livestream",
    "get_livestream",
)
CALLS = [(operation, way) for operation in READS for way in WAYS]
BELIEVED = {("get_recording", "404"), ("get_livestream", "404"), ("get_active_livestream", "404")}
"""That the service knows no such thing is what it says of what is gone."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    """Give a world from which no webhook comes."""
    async with patient_town(redis_process) as world:
        world.stage.provider.faults.webhooks.drop_all = True
        yield world


@pytest.fixture
def here(shared: Bench) -> Iterator[Place]:
    yield place(shared)
    shared.stage.provider.faults.clear()
    shared.stage.provider.faults.webhooks.drop_all = True


async def asks_itself(here: Place) -> Meeting:
    """Have the bot ask the service about the meeting, and give what it takes from that."""
    bot = here.world.bot
    identity = (await here.stored()).id
    await bot.services.work._polling.poll(identity, 0)
    return await here.stored()


def truth(here: Place) -> tuple[set[str], list[str]]:
    """Give who is inside, and how far the recordings are."""
    rooms = here.world.stage.provider.rooms
    return {peer.name for peer in rooms.people(here.room)}, [each.status for each in rooms.recordings_of(here.room)]


def known(meeting: Meeting) -> tuple[set[str], list[str]]:
    return {str(each.name) for each in meeting.inside}, [each.status for each in meeting.in_order]


async def comes_right(here: Place) -> None:
    async with asyncio.timeout(PATIENCE):
        while known(await asks_itself(here)) != truth(here):
            await asyncio.sleep(0.02)


async def it_goes_on(here: Place, operation: str, way: str) -> None:
    """Let a meeting be asked about while an answer goes wrong, and hold that it stays, and learns the rest later."""
    webhooks = here.world.stage.provider.faults.webhooks
    webhooks.drop_all = False
    await (shown(here) if "livestream" in operation else here.attended())
    webhooks.drop_all = True
    await here.asks("ana", "/record")
    await comes_right(here)
    before = await here.stored()
    WAYS[way](here.world.stage.provider.faults, operation)

    with hearing() as heard:
        during = await asks_itself(here)

    assert heard.mistakes == []
    assert {"Eve"} <= known(during)[0]
    assert [each.id for each in during.live_sessions] == [each.id for each in before.live_sessions]
    if (operation, way) not in BELIEVED:
        assert during.active_recording
        assert bool(during.active_livestream) == bool(before.active_livestream)
    here.world.stage.provider.faults.clear()
    here.world.stage.provider.faults.webhooks.drop_all = True
    await here.world.stage.provider.enter_stranger(here.room, "Zoe")
    await comes_right(here)


@pytest.mark.soak
@pytest.mark.timeout(180)
@pytest.mark.parametrize("operation", READS)
async def test_no_answer_that_goes_wrong_ends_anything(shared: Bench, operation: str) -> None:
    for way in WAYS:
        await it_goes_on(place(shared), operation, way)
