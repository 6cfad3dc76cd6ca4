"""Registering the webhook, and the doctor, while each call goes wrong in each way: said, and made good."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.bootstrap import outside
from bot.doctor import examine
from bot.findings import BAD
from bot.locks import Locks
from bot.providers import USED_EVENTS
from bot.registration import Registration
from playground.rooms import Webhook
from playground.stage import Stage, stage
from tests.faults.trial import hearing
from tests.faults.ways import WAYS

pytestmark = pytest.mark.asyncio(loop_scope="module")

HERE = "https://bot.example"
ADDRESS = f"{HERE}/webhooks/realtimekit"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene() -> AsyncIterator[Stage]:
    async with stage() as found:
        yield found


def nothing(scene: Stage) -> None:
    """Have no webhook there."""
    scene.provider.rooms.webhooks.clear()


def one_by_hand(scene: Stage) -> None:
    """Have one there that hears too little."""
    nothing(scene)
    now = scene.provider._now()
    hook = Webhook("realtimekit", "By hand", ADDRESS, ["meeting.started"], True, now, now)
    scene.provider.rooms.webhooks[hook.id] = hook


def two_by_hand(scene: Stage) -> None:
    one_by_hand(scene)
    [first] = scene.provider.rooms.webhooks.values()
    one_by_hand(scene)
    scene.provider.rooms.webhooks[first.id] = first


CALLS: dict[str, Callable[[Stage], None]] = {
    "list_webhooks": two_by_hand,
    "create_webhook": nothing,
    "replace_webhook": one_by_hand,
    "delete_webhook": two_by_hand,
}
QUESTIONS = {"list_presets": "RealtimeKit credentials", "list_webhooks": "RealtimeKit webhook"}
FEW = [(operation, list(WAYS)[number * 5 % len(WAYS)]) for number, operation in enumerate([*CALLS] * 3)]


async def registered_in_the_end(scene: Stage, redis_url: str, operation: str, way: str) -> None:
    CALLS[operation](scene)
    settings = scene.settings(REDIS_URL=redis_url, PUBLIC_URL=HERE)
    async with outside(settings) as world, Redis.from_url(redis_url) as redis:
        await redis.flushall()
        registration, provider = Registration(world.redis, Locks(world.redis), USED_EVENTS), world.providers.default
        WAYS[way](scene.provider.faults, operation)
        with hearing() as heard:
            worked = await registration.tried(provider, ADDRESS)
        scene.provider.faults.clear()
        assert [line for line in heard.mistakes if "could not be registered yet" not in line] == []
        assert worked == (not heard.mistakes), "what did not work is in the log"

        await registration.sync(provider, ADDRESS)

        [hook] = scene.provider.rooms.webhooks.values()
        assert (hook.url, set(hook.events), hook.enabled) == (ADDRESS, set(USED_EVENTS), True)
        assert await registration.registered("realtimekit") == hook.id


async def said_by_the_doctor(scene: Stage, redis_url: str, operation: str, way: str) -> None:
    two_by_hand(scene)
    settings = scene.settings(REDIS_URL=redis_url, PUBLIC_URL=HERE)
    WAYS[way](scene.provider.faults, operation)

    found = await examine(settings)

    scene.provider.faults.clear()
    [row] = [each for each in found if each.what == QUESTIONS[operation]]
    assert row.verdict == BAD
    assert "registered" not in row.details, "nobody knows"


@pytest.mark.parametrize(("operation", "way"), FEW)
@pytest.mark.soak
async def test_the_webhook_is_registered_once_in_the_end(
    scene: Stage, redis_process: str, operation: str, way: str
) -> None:
    await registered_in_the_end(scene, redis_process, operation, way)


@pytest.mark.soak
@pytest.mark.timeout(180)
@pytest.mark.parametrize("operation", CALLS)
async def test_the_webhook_is_registered_once_whatever_goes_wrong(
    scene: Stage, redis_process: str, operation: str
) -> None:
    for way in WAYS:
        await registered_in_the_end(scene, redis_process, operation, way)


@pytest.mark.soak
@pytest.mark.timeout(180)
@pytest.mark.parametrize("operation", QUESTIONS)
async def test_the_doctor_says_what_it_cannot_look_up(scene: Stage, redis_process: str, operation: str) -> None:
    for way in WAYS:
        if not way.endswith("once"):
            await said_by_the_doctor(scene, redis_process, operation, way)
