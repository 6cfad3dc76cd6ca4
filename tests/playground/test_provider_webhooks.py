"""Webhooks of the simulated providers: registration, signatures, payloads and each provider's retry rule."""

import base64
from collections.abc import AsyncIterator

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.playground.provider_support import EVENTS, QUICK, Clock, Side, serving, until


@pytest.fixture(params=["realtimekit", "dyte"])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with serving(request.param, pace=QUICK) as side:
        yield side


@pytest.fixture
async def kit() -> AsyncIterator[Side]:
    async with serving("realtimekit", pace=QUICK) as side:
        yield side


@pytest.fixture
async def old() -> AsyncIterator[Side]:
    async with serving("dyte", pace=QUICK) as side:
        yield side


async def key(side: Side) -> RSAPublicKey:
    async with side.client.get(side.simulator.key_url(side.name)) as answer:
        loaded = load_pem_public_key((await answer.json())["data"]["publicKey"].encode())
    assert isinstance(loaded, RSAPublicKey)
    return loaded


async def recorded(side: Side) -> None:
    """Let a session with a recording run from start to end."""
    meeting = await side.meeting()
    peer = await side.enter(meeting)
    recording = await side.record(meeting)
    await side.until_status(recording, "RECORDING")
    await side.simulator.leave(peer.id)
    await side.until_status(recording, "UPLOADED")
    await side.simulator.deliveries.settled()


# ---------------------------------------------------------------- registration


async def test_a_webhook_can_be_made_changed_and_taken_away(side: Side) -> None:
    hook = await side.hook(enabled=False)
    path = f"/webhooks/{hook}"

    assert (await side.ok("GET", path))["url"] == side.bot.url
    assert (await side.ok("PATCH", path, {"name": "other"}))["enabled"] is False
    assert (await side.ok("PUT", path, {"name": "x", "url": side.bot.url, "events": []}))["enabled"] is True
    assert [one["id"] for one in await side.ok("GET", "/webhooks")] == [hook]
    assert (await side.ok("DELETE", path))["id"] == hook
    assert (await side.refused("GET", path))[0] == 404


async def test_a_webhook_needs_known_events_and_a_url(side: Side) -> None:
    for spoiled in ({"events": ["meeting.exploded"]}, {"url": "nowhere"}, {"secret": "x"}):
        body = {"name": "bot", "url": side.bot.url, "events": EVENTS} | spoiled
        assert (await side.refused("POST", "/webhooks", body))[0] == 400
    assert (await side.refused("GET", "/webhooks/nonsense"))[0] == 400


async def test_only_subscribed_events_are_sent(side: Side) -> None:
    await side.hook(events=["meeting.started"])
    await side.hook(enabled=False)
    await side.enter(await side.meeting())
    await side.simulator.deliveries.settled()

    assert side.bot.events == ["meeting.started"]


# ---------------------------------------------------------------- signatures


async def test_the_raw_body_is_signed_with_the_published_key(side: Side) -> None:
    hook = await side.hook()
    await side.enter(await side.meeting(title="Grüße"))
    await side.simulator.deliveries.settled()

    prefix = "dyte" if side.name == "dyte" else "rtk"
    for taken in side.bot.taken:
        signature = base64.b64decode(taken.headers[f"{prefix}-signature"])
        (await key(side)).verify(signature, taken.raw, PKCS1v15(), SHA256())
        assert taken.headers[f"{prefix}-webhook-id"] == hook
        assert taken.headers["content-type"] == "application/json"
    assert len({taken.headers[f"{prefix}-uuid"] for taken in side.bot.taken}) == 2


async def test_the_two_providers_sign_with_different_keys(kit: Side) -> None:
    signature = base64.b64decode(kit.simulator.sign("dyte", b"{}"))

    with pytest.raises(InvalidSignature):
        (await key(kit)).verify(signature, b"{}", PKCS1v15(), SHA256())


async def test_a_rotated_key_is_published_and_used(kit: Side) -> None:
    before = await key(kit)
    kit.simulator.keys.rotate("realtimekit")
    signature = base64.b64decode(kit.simulator.sign("realtimekit", b"{}"))

    (await key(kit)).verify(signature, b"{}", PKCS1v15(), SHA256())
    with pytest.raises(InvalidSignature):
        before.verify(signature, b"{}", PKCS1v15(), SHA256())


async def test_any_bytes_can_be_sent_with_any_signature(kit: Side) -> None:
    hook = await kit.hook()
    kit.bot.statuses = [200, 401]
    deliver = kit.simulator.deliver_raw

    assert await deliver("realtimekit", kit.bot.url, b"\xff", uuid="u") == 200
    assert await deliver("realtimekit", kit.bot.url, b"{}", signature="forged", webhook_id="w") == 401
    await deliver("realtimekit", kit.bot.url, b"{}", signature="")

    good, forged, unsigned = kit.bot.taken
    (await key(kit)).verify(base64.b64decode(good.headers["rtk-signature"]), b"\xff", PKCS1v15(), SHA256())
    assert (good.headers["rtk-uuid"], good.headers["rtk-webhook-id"]) == ("u", hook)
    assert (forged.headers["rtk-signature"], forged.headers["rtk-webhook-id"]) == ("forged", "w")
    assert "rtk-signature" not in unsigned.headers


# ---------------------------------------------------------------- payloads


async def test_a_meeting_tells_its_life_in_order(kit: Side) -> None:
    await kit.hook()
    await recorded(kit)

    assert set(kit.bot.events) == {
        "meeting.started",
        "meeting.participantJoined",
        "recording.statusUpdate",
        "meeting.participantLeft",
        "meeting.ended",
    }
    [ended] = kit.bot.of("meeting.ended")
    assert ended["reason"] == "ALL_PARTICIPANTS_LEFT"
    assert (ended["meeting"]["status"], "endedAt" in ended["meeting"]) == ("LIVE", True)


async def test_joining_names_the_peer_and_the_custom_id_but_no_participant(side: Side) -> None:
    await side.hook()
    meeting = await side.meeting()
    peer = await side.enter(meeting)
    await side.simulator.deliveries.settled()

    [joined] = side.bot.of("meeting.participantJoined")
    assert (joined["meeting"]["id"], joined["meeting"]["sessionId"]) == (meeting, peer.session_id)
    assert joined["participant"] == {
        "peerId": peer.id,
        "userDisplayName": "Ana Lima",
        "customParticipantId": "U1",
        "clientSpecificId": "U1",
        "joinedAt": peer.joined_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


async def test_old_dyte_joins_can_be_had(old: Side) -> None:
    await old.hook()
    old.simulator.faults.switch("sparse_joins", True)
    await old.enter(await old.meeting())
    await old.simulator.deliveries.settled()

    [joined] = old.bot.of("meeting.participantJoined")
    assert set(joined["participant"]) == {"peerId", "userDisplayName", "clientSpecificId"}
    assert "sessionId" not in joined["meeting"]


async def test_dytes_uploading_says_neither_meeting_nor_file(old: Side) -> None:
    await old.hook()
    await recorded(old)

    told = {each["recording"]["status"]: each for each in old.bot.of("recording.statusUpdate")}
    assert set(told) == {"INVOKED", "RECORDING", "UPLOADING", "UPLOADED"}
    uploading = told["UPLOADING"]
    assert not {"meetingId", "outputFileName"} & set(uploading["recording"])
    assert "sessionId" not in uploading["meeting"]
    assert isinstance(uploading["recording"]["fileSize"], int)


async def test_dyte_writes_times_with_a_blank_and_stop_reasons_as_text(old: Side) -> None:
    await old.hook()
    await recorded(old)

    told = old.bot.of("recording.statusUpdate")[-1]["recording"]
    assert told["stopReason"] == "{'reason':'ALL_PEERS_LEFT','caller':{'type':'INTERNAL'}}"
    for name in ("startedTime", "stoppedTime", "downloadUrlExpiry"):
        day, _, time = told[name].partition(" ")
        assert (len(day), len(time)) == (10, 16)


async def test_realtimekit_says_no_invoked_and_writes_sizes_as_text(kit: Side) -> None:
    await kit.hook()
    await recorded(kit)

    told = {each["recording"]["status"]: each["recording"] for each in kit.bot.of("recording.statusUpdate")}
    assert set(told) == {"RECORDING", "UPLOADING", "UPLOADED"}
    assert told["UPLOADED"]["fileSize"] == "83000"
    assert told["UPLOADED"]["meetingId"]
    async with kit.client.get(told["UPLOADED"]["downloadUrl"]) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("wanted", [False, True])
async def test_pausing_is_announced_only_where_that_is_switched_on(kit: Side, wanted: bool) -> None:
    await kit.hook()
    kit.simulator.faults.switch("paused_webhooks", wanted)
    meeting = await kit.meeting()
    await kit.enter(meeting)
    recording = await kit.record(meeting)
    await kit.until_status(recording, "RECORDING")
    await kit.ok("PUT", f"/recordings/{recording}", {"action": "pause"})
    await kit.simulator.deliveries.settled()

    told = [each["recording"]["status"] for each in kit.bot.of("recording.statusUpdate")]
    assert ("PAUSED" in told) == wanted


async def test_what_is_made_of_a_session_is_announced_after_it(side: Side) -> None:
    await side.hook()
    flags = {"persist_chat": True, "summarize_on_end": True}
    meeting = await side.meeting(**flags | ({} if side.name == "dyte" else {"transcribe_on_end": True}))
    peer = await side.enter(meeting)
    await side.simulator.kick_all(meeting)
    await until(lambda: "meeting.summary" in side.bot.events and "meeting.chatSynced" in side.bot.events)

    [chat], [summary] = side.bot.of("meeting.chatSynced"), side.bot.of("meeting.summary")
    assert ("meeting" in chat, chat["sessionId"]) == (False, peer.session_id)
    assert ("title" in chat) == (side.name == "realtimekit")
    async with side.client.get(summary["summaryDownloadUrl"]) as answer:
        assert answer.status == 200


async def test_times_in_meetings_are_iso_at_both() -> None:
    async with serving("dyte", now=Clock()) as side:
        await side.hook()
        await side.enter(await side.meeting())
        await side.simulator.deliveries.settled()
        assert side.bot.of("meeting.started")[0]["meeting"]["startedAt"] == "2026-11-21T10:00:00.000Z"
