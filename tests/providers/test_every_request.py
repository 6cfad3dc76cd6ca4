"""Every request that the bot can send is one that both APIs' own documents allow, whatever was chosen.

What is looked at is what crossed the wire: method, path, query and body as a server on the loopback device got them.
"""

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.options import RecordingOptions, Watermark
from bot.errors import ProviderUnavailable
from bot.ports import Provider
from bot.storage_profiles import StorageProfile
from tests.providers.calls import ROOM
from tests.providers.drawn import ASKS, kept, options, rooms, starting
from tests.providers.openapi import complaints
from tests.providers.support import Clock, Script, Seen, data
from tests.providers.test_requests import ANSWER, KITS, connect

pytestmark = pytest.mark.asyncio(loop_scope="module")
FEW = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MANY = settings(FEW, max_examples=100, phases=list(Phase))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wire() -> AsyncIterator[tuple[Script, dict[str, Provider]]]:
    """Give a server that notes what it is asked, and a client of each kind that talks to it."""
    script = Script([data(ANSWER)])
    server = TestServer(script.app, host="127.0.0.1")
    await server.start_server(shutdown_timeout=0.01)
    script.url = str(server.make_url("")).rstrip("/")
    async with aiohttp.ClientSession() as session:
        yield script, {kit: connect(kit, script, session, Clock()) for kit in KITS}
    await server.close()


def asked(method: str, path: str, body: dict[str, Any] | None) -> Seen:
    raw = b"" if body is None else json.dumps(body).encode()
    return Seen(method, path, {}, {"content-type": "application/json"}, raw)


Wire = tuple[Script, dict[str, Provider]]


@pytest.mark.parametrize("call", ASKS)
@FEW
@given(drawn=st.data())
async def test_every_request_is_one_that_both_documents_allow(wire: Wire, call: str, drawn: st.DataObject) -> None:
    ask = drawn.draw(ASKS[call])
    script, clients = wire
    for kit, client in clients.items():
        script.seen.clear()

        with contextlib.suppress(ProviderUnavailable):  # one answer for all has not everything that is asked for
            await ask(client)

        assert script.seen
        for seen in script.seen:
            assert complaints(kit, seen) == [], (kit, seen.method, seen.path, seen.raw)


@MANY
@given(rooms, options, kept)
async def test_a_recording_is_asked_for_as_both_documents_say_with_any_options(
    wire: Wire, room: str, chosen: RecordingOptions, storage: StorageProfile | None
) -> None:
    script, clients = wire
    for kit, client in clients.items():
        script.seen.clear()

        await starting(room, chosen, storage)(client)  # type: ignore[arg-type]

        [seen] = script.seen
        assert complaints(kit, seen) == []
        assert said_of(kit, seen.json) == chosen.model_copy(update={"storage": None, "storage_kind": None})
        assert (storage is None) == ("storage_config" not in seen.json)
        if chosen.audio_only or chosen.audio_file:
            # Where only one of the two is configured, the guides have the other not made.
            assert seen.json["audio_config"]["export_file"] is True
            assert seen.json["video_config"]["export_file"] is not chosen.audio_only


def said_of(kit: str, body: dict[str, Any]) -> RecordingOptions:
    """Read the options back out of a request."""
    video, audio = body.get("video_config", {}), body.get("audio_config", {})
    mark = video.get("watermark")
    return RecordingOptions(
        codec=video.get("codec"),
        width=video.get("width"),
        height=video.get("height"),
        audio_only=video.get("export_file") is False,
        audio_file=audio.get("codec"),
        prefix=body.get("file_name_prefix"),
        max_seconds=body.get("max_seconds"),
        watermark=Watermark(url=mark["url"], position=mark["position"], **mark.get("size", {})) if mark else None,
        bucket=body.get(f"{kit}_bucket_config", {}).get("enabled"),
    )


ROOMS_PATH = f"/v2/meetings/{ROOM}"
WRONG: dict[str, tuple[Seen, str]] = {
    "a field": (asked("POST", "/v2/recordings", {"meeting_id": ROOM, "codec": "H264"}), "codec"),
    "a field further in": (
        asked("POST", "/v2/recordings", {"meeting_id": ROOM, "video_config": {"bitrate": 1}}),
        "bitrate",
    ),
    "a field of a storage": (
        asked("POST", "/v2/recordings", {"meeting_id": ROOM, "storage_config": {"type": "aws", "secret_key": "s"}}),
        "secret_key",
    ),
    "a number": (asked("POST", "/v2/recordings", {"meeting_id": ROOM, "max_seconds": 59}), "59"),
    "an address": (
        asked("POST", "/v2/recordings", {"meeting_id": ROOM, "video_config": {"watermark": {"url": "logo.png"}}}),
        "uri",
    ),
    "nothing": (asked("POST", "/v2/recordings", None), "needs a body"),
    "too much": (asked("GET", ROOMS_PATH, {}), "takes no body"),
    "an id": (asked("GET", "/v2/meetings/x", None), "uuid"),
    "a query": (Seen("GET", ROOMS_PATH, {"page": "1"}, {}, b""), "no parameter page"),
}


@pytest.mark.parametrize(("seen", "said"), WRONG.values(), ids=WRONG)
async def test_what_a_document_does_not_have_is_found(seen: Seen, said: str) -> None:
    """A look at requests is worth something only if it finds what is wrong."""
    found = complaints("dyte", seen)

    assert len(found) == 1
    assert said in found[0]


async def test_a_storage_without_its_keys_is_found() -> None:
    place = f"/client/v4/accounts/{'0' * 32}/realtime/kit/{ROOM}/recordings"
    body = {"meeting_id": ROOM, "storage_config": {"type": "aws", "bucket": "meetings"}}

    assert complaints("realtimekit", asked("POST", place, body))
