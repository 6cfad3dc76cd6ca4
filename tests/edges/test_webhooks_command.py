"""``greenroom webhooks``: exactly one webhook of this deployment, whatever happened before."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.bootstrap import outside
from bot.cli import app
from bot.locks import Locks
from bot.providers import USED_EVENTS
from bot.registration import Registration, Synced
from playground.rooms import ProviderName, Webhook
from playground.stage import Stage, stage
from tests.edges.command import Ended, greenroom

HERE = "https://bot.example"
ADDRESS = f"{HERE}/webhooks/realtimekit"


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as found:
        yield found


def hooks(scene: Stage, provider: ProviderName = "realtimekit") -> list[Webhook]:
    return scene.provider.rooms.webhooks_of(provider)


def registered(scene: Stage, url: str) -> Webhook:
    """Put a webhook there by hand, as somebody did before."""
    now = hooks(scene)[0].created_at if hooks(scene) else scene.provider._now()
    hook = Webhook("realtimekit", "By hand", url, [*USED_EVENTS], True, now, now)
    scene.provider.rooms.webhooks[hook.id] = hook
    return hook


async def sync(scene: Stage, redis_url: str, url: str = HERE) -> Synced:
    """Sync as a process of its own would, without the second that it takes to start."""
    settings = scene.settings(REDIS_URL=redis_url, PUBLIC_URL=url)
    async with outside(settings) as world:
        registration = Registration(world.redis, Locks(world.redis), USED_EVENTS)
        return await registration.sync(world.providers.default, f"{url}/webhooks/realtimekit")


async def command(scene: Stage, redis_url: str, home: Path, *words: str, **settings: str) -> Ended:
    given = scene.environment() | {"REDIS_URL": redis_url, "PUBLIC_URL": HERE} | settings
    return await greenroom(home, "webhooks", *words, **given)


@pytest.mark.soak
async def test_two_syncs_at_once_make_one_and_it_can_be_listed_and_removed(
    scene: Stage, redis_url: str, tmp_path: Path
) -> None:
    others = registered(scene, "https://other.example/webhooks/realtimekit")

    both = await asyncio.gather(*(command(scene, redis_url, tmp_path, "sync") for _ in range(2)))
    ours = next(hook for hook in hooks(scene) if hook.url == ADDRESS)
    assert [(ended.code, ended.err) for ended in both] == [(0, ""), (0, "")]
    assert sorted(ended.out for ended in both) == [
        f"RealtimeKit: created, id {ours.id}\n",
        f"RealtimeKit: unchanged, id {ours.id}\n",
    ]
    assert len(hooks(scene)) == 2
    assert set(ours.events) == set(USED_EVENTS)

    listed = await command(scene, redis_url, tmp_path, "list")
    lines = {hook.id: next(line for line in listed.out.splitlines() if hook.id in line) for hook in (ours, others)}
    assert lines[ours.id].split("│")[-2].strip() == "yes"
    assert lines[others.id].split("│")[-2].strip() == ""

    removed = await command(scene, redis_url, tmp_path, "remove")
    assert (removed.code, removed.out) == (0, "RealtimeKit: 1 removed\n")
    assert hooks(scene) == [others]


async def test_syncing_again_changes_nothing(scene: Stage, redis_url: str) -> None:
    made = await sync(scene, redis_url)
    before = list(hooks(scene))

    again = await sync(scene, redis_url)

    assert (made.what, again.what, again.duplicates) == ("created", "unchanged", 0)
    assert hooks(scene) == before


async def test_another_public_url_moves_the_same_webhook(scene: Stage, redis_url: str) -> None:
    made = await sync(scene, redis_url)

    moved = await sync(scene, redis_url, "https://new.example")

    assert (moved.what, moved.webhook.id) == ("updated", made.webhook.id)
    assert [hook.url for hook in hooks(scene)] == ["https://new.example/webhooks/realtimekit"]


async def test_duplicates_are_taken_away_and_others_are_left_alone(scene: Stage, redis_url: str) -> None:
    made = await sync(scene, redis_url)
    for url in (ADDRESS, ADDRESS, "https://other.example/webhooks/realtimekit"):
        registered(scene, url)

    again = await sync(scene, redis_url)

    assert (again.webhook.id, again.duplicates) == (made.webhook.id, 2)
    assert sorted(hook.url for hook in hooks(scene)) == [ADDRESS, "https://other.example/webhooks/realtimekit"]


async def test_a_webhook_from_before_redis_was_lost_is_found_by_its_address(scene: Stage, redis_url: str) -> None:
    found = registered(scene, ADDRESS)

    synced = await sync(scene, redis_url)

    assert (synced.what, synced.webhook.id) == ("unchanged", found.id)


async def test_one_that_was_deleted_by_hand_is_made_again(scene: Stage, redis_url: str) -> None:
    made = await sync(scene, redis_url)
    scene.provider.rooms.webhooks.clear()

    again = await sync(scene, redis_url)

    assert again.what == "created"
    assert again.webhook.id != made.webhook.id


@pytest.mark.parametrize("broken", [{"enabled": False}, {"events": ["meeting.started"]}])
async def test_one_that_was_switched_off_or_hears_too_little_is_mended(
    scene: Stage, redis_url: str, broken: dict[str, object]
) -> None:
    made = await sync(scene, redis_url)
    rooms = scene.provider.rooms
    rooms.webhooks[made.webhook.id] = replace(rooms.webhooks[made.webhook.id], **broken)  # type: ignore[arg-type]

    again = await sync(scene, redis_url)

    assert again.what == "updated"
    [hook] = hooks(scene)
    assert hook.enabled
    assert set(hook.events) == set(USED_EVENTS)


GIVEN = {
    "SLACK_SIGNING_SECRET": "s",
    "SLACK_BOT_TOKEN": "xoxb-1",
    "DYTE_ORG_ID": "org",
    "DYTE_API_KEY": "key",
    "DYTE_API_URL": "http://127.0.0.1:1",
    "REDIS_URL": "redis://127.0.0.1:1",
    "PUBLIC_URL": HERE,
}


@pytest.mark.usefixtures("own_log")
@pytest.mark.parametrize(
    ("settings", "code", "says"),
    [
        ({"PUBLIC_URL": ""}, 78, "PUBLIC_URL is missing: it is where the video service sends its events to"),
        ({"PUBLIC_URL": "bot.example"}, 78, "PUBLIC_URL must be a web address"),
        ({}, 1, "Redis does not answer (ConnectionError): check REDIS_URL"),
        ({"REDIS_URL": "real"}, 1, "The video service did not do it: Dyte did not answer list_webhooks"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    settings: dict[str, str], code: int, says: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = GIVEN | settings
    given["REDIS_URL"] = given["REDIS_URL"].replace("real", redis_url)

    answer = CliRunner().invoke(app, ["webhooks", "sync"], env=given)

    assert answer.exit_code == code
    assert says in " ".join(answer.output.split())
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
