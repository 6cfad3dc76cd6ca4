"""Recordings of single voices: how each provider is asked, and what is made of links that come in odd shapes."""

from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.domain.events import RecordingUpdated
from bot.exchanged import TrackFile, TrackFiles
from bot.providers._answers import recording, track_files
from bot.providers._events import parse_delivery
from tests.providers.calls import RECORDING, ROOM, STORAGE
from tests.providers.conftest import Play
from tests.providers.support import Clock, data, says
from tests.providers.test_requests import connect

ROW = {"id": RECORDING, "status": "INVOKED", "invoked_time": "2026-11-02T09:01:56.000Z", "output_file_name": "x.webm"}
LINK = "https://files.example/ana.webm"
EXPIRY = "2026-11-09T09:18:10Z"
BUCKET, OWN = {"type": "DYTE_BUCKET"}, {"type": "STORAGE_CONFIG", "storage_config": STORAGE.as_sent()}
LATER = datetime(2026, 11, 9, 9, 18, 10, tzinfo=UTC)


async def test_realtimekit_is_told_what_to_record_of_everybody(
    play: Play, session: aiohttp.ClientSession, clock: Clock
) -> None:
    script = await play(data({"recording": ROW | {"type": "TRACK"}}))

    told = await connect("realtimekit", script, session, clock).start_tracks(ROOM, prefix="Weekly_sync")

    layer = {"media_kind": "audio", "file_name_prefix": "Weekly_sync"}
    assert script.seen[0].json == {"meeting_id": ROOM, "layers": {"default": layer}}
    assert told
    assert (told.recording_id, told.status, told.tracks) == (RECORDING, "INVOKED", True)


@pytest.mark.parametrize(
    ("how", "outputs"),
    [
        ({}, [{"type": "DYTE_BUCKET"}]),
        (
            {"storage": STORAGE},
            [{"type": "DYTE_BUCKET"}, {"type": "STORAGE_CONFIG", "storage_config": STORAGE.as_sent()}],
        ),
        ({"storage": STORAGE, "bucket": False}, [{"type": "STORAGE_CONFIG", "storage_config": STORAGE.as_sent()}]),
    ],
)
async def test_dyte_is_told_where_the_files_go(
    play: Play, session: aiohttp.ClientSession, clock: Clock, how: Any, outputs: Any
) -> None:
    script = await play(data({}))

    await connect("dyte", script, session, clock).start_tracks(ROOM, prefix="v", **how)

    layer = {"file_name_prefix": "v", "outputs": outputs}
    assert script.seen[0].json == {"meeting_id": ROOM, "layers": {"default": layer}}


@pytest.mark.parametrize("answer", [data({}), data(None), says({"success": True}), says(b"")])
async def test_an_answer_that_says_nothing_is_no_mistake(
    play: Play, session: aiohttp.ClientSession, clock: Clock, answer: Any
) -> None:
    """Dyte's document names none."""
    script = await play(answer)

    assert await connect("dyte", script, session, clock).start_tracks(ROOM, prefix="v") is None


ANA, BO = {"ana.webm": {"download_url": LINK}}, {"bo.webm": {"download_url": LINK}}
BOTH = [("ana.webm", LINK), ("bo.webm", LINK)]


@pytest.mark.parametrize(
    ("told", "files"),
    [
        ([{"layer_name": "default", "download_urls": ANA}], BOTH[:1]),
        ([{"download_urls": {"ana.webm": LINK, **BO}}], BOTH),
        ([{"download_urls": ANA}, {"download_urls": BO}], BOTH),
        (LINK, [("x.webm", LINK)]),
        (None, []),
        ("javascript:alert(1)", []),
        ([5, {"download_urls": ["x"]}, {"download_urls": {"x": {}, "y": {"download_url": 7}}}], []),
    ],
)
def test_links_come_as_a_list_of_layers_or_as_one_address(told: Any, files: list[tuple[str, str]]) -> None:
    found = track_files(ROW | {"download_url": told, "download_url_expiry": EXPIRY})

    assert found == TrackFiles(tuple(TrackFile(name, url) for name, url in files), LATER)


def test_no_link_is_in_what_is_shown_of_them() -> None:
    found = track_files({"download_url": [{"download_urls": {"ana.webm": {"download_url": LINK}}}]})

    assert "ana.webm" in repr(found)
    assert LINK not in repr(found)


@pytest.mark.parametrize(
    ("row", "is_one"),
    [
        (ROW, False),
        (ROW | {"download_url": LINK}, False),
        (ROW | {"type": "COMPOSITE"}, False),
        (ROW | {"type": "TRACK"}, True),
        (ROW | {"download_url": [{"layer_name": "default", "download_urls": {}}]}, True),
    ],
)
def test_a_recording_of_single_voices_is_known_by_its_type_or_its_links(row: Any, is_one: bool) -> None:
    told = recording(row, observed_at=None)

    assert told
    assert told.tracks is is_one


def test_a_webhook_with_a_list_of_links_is_read_like_any_other() -> None:
    body = (
        b'{"event":"recording.statusUpdate","recording":{"id":"r1","status":"UPLOADED","fileSize":"9",'
        b'"downloadUrl":[{"layer_name":"default","download_urls":{"a.webm":{"download_url":"https://f.example/a"}}}]},'
        b'"meeting":{"id":"m1"}}'
    )

    [event] = parse_delivery(body, None).events

    assert isinstance(event, RecordingUpdated)
    assert (event.status, event.tracks) == ("UPLOADED", True)
    assert "https" not in repr(event)
