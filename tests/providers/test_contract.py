"""Both clients keep the same promises towards a service that behaves like the real one."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.domain.events import (
    Ignored,
    ParticipantJoined,
    ParticipantLeft,
    RecordingUpdated,
    SessionEnded,
    SessionStarted,
)
from bot.domain.ids import ParticipantId, RoomId, UserId
from bot.errors import (
    BadSignature,
    KeyUnavailable,
    ProviderError,
    ProviderNotFound,
    ProviderRefused,
    ProviderRejected,
    ProviderUnavailable,
)
from bot.providers import PROVIDERS, USED_EVENTS, WEBHOOK_EVENTS
from playground.jointokens import TokenRefused
from tests.providers.bench import Bench, bench, connect

ANA = UserId("U0ANA")


@pytest.fixture(params=sorted(PROVIDERS))
async def joined(request: pytest.FixtureRequest, session: aiohttp.ClientSession) -> AsyncIterator[Bench]:
    async with bench(request.param, session) as joined:
        yield joined


async def test_a_provider_is_called_by_its_name_in_the_settings(joined: Bench) -> None:
    assert joined.kit.name == joined.name
    assert joined.kit.label


# ------------------------------------------------------------ rooms and places


async def test_a_room_is_made_read_renamed_and_closed(joined: Bench) -> None:
    room = await joined.kit.create_meeting("Weekly sync")

    assert (await joined.kit.get_meeting(room)).title == "Weekly sync"
    await joined.kit.update_meeting(room, title="Retro", active=False)
    status = await joined.kit.get_meeting(room)
    assert (status.room, status.title, status.active) == (room, "Retro", False)


async def test_a_room_in_a_region_is_made(joined: Bench) -> None:
    assert await joined.kit.create_meeting("Sync", region="eu-central-1")


async def test_an_unknown_room_is_not_found(joined: Bench) -> None:
    with pytest.raises(ProviderNotFound):
        await joined.kit.get_meeting(RoomId("11111111-1111-4111-8111-111111111111"))


async def test_a_persons_place_is_found_again_and_gets_new_tokens(joined: Bench) -> None:
    room = await joined.kit.create_meeting("Sync")
    first = await joined.place(room)

    again = await joined.kit.refresh_token(room, first.participant_id)

    assert await joined.kit.find_participant(room, ANA) == first.participant_id == again.participant_id
    assert await joined.kit.find_participant(room, UserId("U0BO")) is None
    assert (await joined.service.enter(again.token)).custom_participant_id == ANA


async def test_a_person_of_sixty_is_found(joined: Bench) -> None:
    room = await joined.kit.create_meeting("All hands")
    places = [await joined.place(room, f"U{number}", "group_call_participant") for number in range(60)]

    found = [await joined.kit.find_participant(room, UserId(f"U{number}")) for number in (0, 30, 59)]

    assert found == [places[0].participant_id, places[30].participant_id, places[59].participant_id]


async def test_a_place_that_was_taken_away_is_gone_and_may_be_taken_away_again(joined: Bench) -> None:
    room = await joined.kit.create_meeting("Sync")
    ticket = await joined.place(room)

    await joined.kit.remove_participant(room, ticket.participant_id)
    await joined.kit.remove_participant(room, ticket.participant_id)

    assert await joined.kit.find_participant(room, ANA) is None
    with pytest.raises(ProviderError):
        await joined.kit.refresh_token(room, ticket.participant_id)


async def test_an_unknown_preset_is_an_error(joined: Bench) -> None:
    room = await joined.kit.create_meeting("Sync")

    assert "no-such" not in await joined.kit.list_presets()
    assert "group_call_host" in await joined.kit.list_presets()
    with pytest.raises(ProviderError):
        await joined.place(room, preset="no-such")


# ------------------------------------------------------------ sessions


async def test_who_is_inside_is_counted_and_sent_out(joined: Bench) -> None:
    room = await joined.kit.create_meeting("Sync")
    assert await joined.kit.active_session(room) is None
    await joined.kit.kick_all(room)

    token = (await joined.place(room)).token
    await joined.service.enter(token)
    await joined.service.enter(token)
    live = await joined.kit.active_session(room)
    await joined.kit.kick_all(room)

    assert live is not None
    assert (live.people, live.started_at is not None) == (2, True)
    assert await joined.kit.active_session(room) is None


async def test_one_person_is_sent_out_with_all_devices_and_nobody_else(joined: Bench) -> None:
    room = await joined.kit.create_meeting("Sync")
    ana, bo = await joined.place(room), await joined.place(room, "U0BO")
    await joined.kit.kick(room, ANA, ana.participant_id)
    for token in (ana.token, ana.token, bo.token):
        await joined.service.enter(token)

    await joined.kit.kick(room, ANA, None)
    await joined.kit.kick(room, ANA, ana.participant_id)

    assert [peer.custom_participant_id for peer in joined.service.people(room)] == ["U0BO"]


async def test_a_place_that_is_taken_away_lets_nobody_in_any_more(joined: Bench) -> None:
    room = await joined.kit.create_meeting("Sync")
    ana = await joined.place(room)

    await joined.kit.remove_participant(room, ana.participant_id)

    with pytest.raises(TokenRefused):
        await joined.service.enter(ana.token)


async def test_a_place_is_given_another_preset_and_keeps_its_owner(joined: Bench) -> None:
    room = await joined.kit.create_meeting("Sync")
    ana = await joined.place(room, preset="group_call_participant")

    await joined.kit.edit_participant(room, ana.participant_id, preset="group_call_host")

    peer = await joined.service.enter((await joined.kit.refresh_token(room, ana.participant_id)).token)
    assert (peer.participant_id, peer.preset_name) == (ana.participant_id, "group_call_host")
    with pytest.raises(ProviderError):
        await joined.kit.edit_participant(room, ana.participant_id, preset="no such preset")


async def test_everyone_inside_is_muted(joined: Bench) -> None:
    room = await joined.kit.create_meeting("Sync")
    await joined.kit.mute_all(room)
    for person in ("U0ANA", "U0BO"):
        await joined.service.enter((await joined.place(room, person)).token)

    await joined.kit.mute_all(room)

    assert [peer.muted for peer in joined.service.people(room)] == [True, True]


async def test_the_sessions_of_a_room_are_told_newest_first_with_who_was_there(joined: Bench) -> None:
    room, other = await joined.kit.create_meeting("Sync"), await joined.kit.create_meeting("Other")
    token = (await joined.place(room)).token
    await joined.service.enter((await joined.place(other)).token)
    ids = []
    for _ in range(2):
        await joined.service.enter(token)
        live = await joined.kit.active_session(room)
        assert live is not None
        ids.append(live.session_id)
        await joined.kit.kick_all(room)
    await joined.service.enter(token)

    sessions = await joined.kit.list_sessions(room)

    assert [one.ended for one in sessions] == [False, True, True]
    assert [one.session_id for one in sessions[1:]] == ids[::-1]
    came, left = await joined.kit.session_participants(ids[0])
    assert isinstance(came, ParticipantJoined)
    assert isinstance(left, ParticipantLeft)
    assert (came.person, came.name, came.session_id) == (ANA, "Ana Lima", ids[0])
    assert left.at is not None
    assert left.joined_at == came.at
    [here] = await joined.kit.session_participants(sessions[0].session_id)
    assert isinstance(here, ParticipantJoined)


# ------------------------------------------------------------ recordings


async def recording_room(joined: Bench) -> RoomId:
    """Give a room with somebody inside, and a webhook that tells all about it."""
    await joined.kit.create_webhook("Greenroom", joined.hooks_url, USED_EVENTS)
    room = await joined.kit.create_meeting("Sync")
    await joined.service.enter((await joined.place(room)).token)
    return room


async def test_a_recording_goes_from_start_to_links(joined: Bench) -> None:
    room = await recording_room(joined)

    assert await joined.kit.active_recording(room) is None
    started = await joined.kit.start_recording(room)
    assert (started.status, started.observed_at is not None) == ("INVOKED", True)
    own = started.recording_id
    running = await joined.told(RecordingUpdated, recording_id=own, status="RECORDING")
    assert running.observed_at == running.started_at

    active = await joined.kit.active_recording(room)
    assert active is not None
    assert active.recording_id == own
    assert (await joined.kit.pause_recording(own)).status == "PAUSED"
    assert (await joined.kit.resume_recording(own)).status == "RECORDING"
    assert (await joined.kit.stop_recording(own)).status == "UPLOADING"
    ready = await joined.told(RecordingUpdated, recording_id=own, status="UPLOADED")
    assert ready.stop_reason == "API_CALL"
    assert ready.expires_at is not None

    polled = await joined.kit.get_recording(own)
    assert [one.recording_id for one in await joined.kit.list_recordings(room)] == [own]
    assert (polled.status, polled.stop_reason, polled.start_reason) == ("UPLOADED", "API_CALL", "API_CALL")
    assert (polled.size, polled.session_id) == (ready.size, ready.session_id)
    links = await joined.kit.recording_links(own)
    assert (links.download_url or "").startswith(joined.service.base_url)
    assert links.expires_at == polled.expires_at


async def test_a_second_recording_is_refused(joined: Bench) -> None:
    room = await recording_room(joined)
    await joined.kit.start_recording(room)

    with pytest.raises(ProviderRejected):
        await joined.kit.start_recording(room)

    assert len(await joined.kit.list_recordings(room)) == 1


async def test_a_recording_from_the_start_says_so(joined: Bench) -> None:
    await joined.kit.create_webhook("Greenroom", joined.hooks_url, USED_EVENTS)
    room = await joined.kit.create_meeting("Sync", record_on_start=True)
    await joined.service.enter((await joined.place(room)).token)

    running = await joined.told(RecordingUpdated, status="RECORDING")

    assert (await joined.kit.get_recording(running.recording_id)).start_reason == "RECORD_ON_START"


async def test_an_upload_that_fails_is_told(joined: Bench) -> None:
    room = await recording_room(joined)
    joined.service.fail_next_upload()
    own = (await joined.kit.start_recording(room)).recording_id
    await joined.told(RecordingUpdated, recording_id=own, status="RECORDING")
    await joined.kit.stop_recording(own)

    await joined.told(RecordingUpdated, recording_id=own, status="ERRORED")

    assert (await joined.kit.recording_links(own)).download_url is None


# ------------------------------------------------------------ webhooks


async def test_a_webhook_is_registered_changed_and_removed(joined: Bench) -> None:
    made = await joined.kit.create_webhook("Greenroom", "https://bot.example/w", USED_EVENTS)
    assert await joined.kit.list_webhooks() == [made]

    wanted = type(made)(made.id, "Other", "https://other.example/w", WEBHOOK_EVENTS, enabled=False)
    assert await joined.kit.update_webhook(wanted) == wanted
    assert await joined.kit.list_webhooks() == [wanted]

    await joined.kit.delete_webhook(made.id)
    await joined.kit.delete_webhook(made.id)
    assert await joined.kit.list_webhooks() == []


async def test_a_visit_is_told_from_beginning_to_end(joined: Bench) -> None:
    hook = await joined.kit.create_webhook("Greenroom", joined.hooks_url, WEBHOOK_EVENTS)
    room = await joined.kit.create_meeting("Sync")
    joined.service.rooms.meetings[room].settings["persist_chat"] = True
    peer = await joined.service.enter((await joined.place(room)).token)
    await joined.service.leave(peer.id)

    started = await joined.told(SessionStarted)
    came = await joined.told(ParticipantJoined, peer_id=peer.id, person=ANA, session_id=started.session_id)
    left = await joined.told(ParticipantLeft, peer_id=peer.id, joined_at=came.at)
    ended = await joined.told(SessionEnded, session_id=started.session_id, reason="ALL_PARTICIPANTS_LEFT")
    await joined.told(Ignored, event_type="meeting.chatSynced")

    assert None not in (came.at, left.at, ended.at)
    assert {delivery.webhook_id for delivery in joined.deliveries} == {hook.id}
    assert {delivery.room for delivery in joined.deliveries} == {room}


async def test_the_same_stay_is_the_same_by_webhook_and_by_poll(joined: Bench) -> None:
    await joined.kit.create_webhook("Greenroom", joined.hooks_url, USED_EVENTS)
    room = await joined.kit.create_meeting("Sync")
    peer = await joined.service.enter((await joined.place(room)).token)
    told = await joined.told(ParticipantJoined, peer_id=peer.id)

    assert told.session_id is not None
    assert await joined.kit.session_participants(told.session_id) == [told]


async def test_old_payloads_without_times_and_session_are_understood(joined: Bench) -> None:
    joined.service.faults.sparse_joins = True
    await joined.kit.create_webhook("Greenroom", joined.hooks_url, USED_EVENTS)
    room = await joined.kit.create_meeting("Sync")
    peer = await joined.service.enter((await joined.place(room)).token)

    assert (await joined.told(ParticipantJoined, peer_id=peer.id)).person == ANA


async def test_a_key_that_was_changed_is_noticed(joined: Bench) -> None:
    body = b'{"event": "meeting.started"}'
    prefix = "dyte" if joined.name == "dyte" else "rtk"
    old = {f"{prefix}-signature": joined.service.sign(joined.name, body)}
    await joined.kit.unwrap(old, body)
    joined.service.keys.rotate(joined.name)

    await joined.kit.unwrap({f"{prefix}-signature": joined.service.sign(joined.name, body)}, body)

    with pytest.raises(BadSignature):
        await joined.kit.unwrap(old, body)


# ------------------------------------------------------------ trouble


async def test_wrong_credentials_are_refused(joined: Bench, session: aiohttp.ClientSession) -> None:
    wrong = {"api_key": "wrong-key"} if joined.name == "dyte" else {"api_token": "wrong-token"}

    with pytest.raises(ProviderRefused):
        await connect(joined.name, joined.service, session, **wrong).list_presets()


async def test_a_service_that_is_down_is_unavailable(joined: Bench) -> None:
    joined.service.faults.down = True

    with pytest.raises(ProviderUnavailable) as raised:
        await joined.kit.list_presets()
    with pytest.raises(KeyUnavailable):
        await joined.kit.unwrap({"dyte-signature": "A" * 344, "rtk-signature": "A" * 344}, b"{}")

    assert (raised.value.status, raised.value.unclear) == (500, False)


@pytest.mark.parametrize("trouble", ["drop", "hang"])
@pytest.mark.soak
async def test_a_creation_whose_answer_got_lost_is_unclear_and_not_repeated(joined: Bench, trouble: str) -> None:
    getattr(joined.service.faults, trouble)("create_meeting", after=True)

    with pytest.raises(ProviderUnavailable) as raised:
        await joined.kit.create_meeting("Sync")

    assert raised.value.unclear
    assert len(list(joined.service.rooms.of(joined.name))) == 1


async def test_a_read_survives_a_lost_answer_and_a_full_house(joined: Bench) -> None:
    room = await joined.kit.create_meeting("Sync")
    joined.service.faults.fail("get_meeting", status=503)
    joined.service.faults.fail("get_meeting", status=429, body="", headers={"retry-after": "0"})

    assert (await joined.kit.get_meeting(room)).title == "Sync"


async def test_an_id_that_is_none_is_told_as_such(joined: Bench) -> None:
    room = await joined.kit.create_meeting("Sync")

    with pytest.raises(ProviderRejected):
        await joined.kit.refresh_token(room, ParticipantId("not-a-uuid"))
    with pytest.raises(ProviderRejected):
        await joined.kit.get_meeting(RoomId("../../presets"))
