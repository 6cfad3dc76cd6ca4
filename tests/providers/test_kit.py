"""What the clients make of the providers' answers."""

import base64
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.domain.events import Ignored, ParticipantJoined, ParticipantLeft, RecordingUpdated, SessionStarted
from bot.domain.ids import RecordingId, RoomId
from bot.errors import BadPayload, BadSignature, ProviderError, ProviderNotFound, ProviderUnavailable
from bot.exchanged import FileLinks, LiveSession, RoomStatus, SessionSummary, Ticket
from bot.ports import Provider
from bot.providers import Timeouts, dyte, realtimekit
from tests.providers.calls import ANA, CALLS, EVERY, EVERY_ID, HOOK, PLACE, RECORDING, ROOM, SESSION, Ask
from tests.providers.conftest import Play
from tests.providers.support import FAST, SECRET, Clock, Script, Step, data, hangs, pem, says, sign

Kit = Callable[..., Awaitable[tuple[Provider, Script]]]
GONE = says({"success": False, "error": {"code": 404, "message": "No active session found"}}, 404)
ROW = {"id": RECORDING, "status": "RECORDING", "invoked_time": "2026-11-02T09:01:56.000Z"}


@pytest.fixture(params=["realtimekit", "dyte"])
def kit(
    request: pytest.FixtureRequest, play: Play, session: aiohttp.ClientSession, clock: Clock, key: rsa.RSAPrivateKey
) -> Kit:
    async def connect(*steps: Step) -> tuple[Provider, Script]:
        script = await play(*steps)
        shared: dict[str, Any] = {"session": session, "now": clock, "api_url": script.url, "retries": FAST}
        shared["webhook_key"] = pem(key)
        if request.param == "dyte":
            return dyte.connect(org_id="org", api_key=SECRET, **shared), script
        return realtimekit.connect(account_id="acc", app_id="app", api_token=SECRET, **shared), script

    return connect


def pages(*found: list[dict[str, Any]], inside: str | None = None, paged: str = "outside") -> list[Step]:
    """Answer with one page after the other; ``paged`` says where the paging is, if anywhere."""
    total, end, steps = sum(map(len, found)), 0, []
    for page in found:
        end += len(page)
        paging = {"total_count": total, "start_offset": end - len(page) + 1, "end_offset": end}
        body: dict[str, Any] = {"success": True, "data": {inside: page} if inside else page}
        if paged == "outside":
            body["paging"] = paging
        elif paged == "inside":
            body["data"]["paging"] = paging
        steps.append(says(body))
    return steps


# ------------------------------------------------------------ rooms and places


async def test_a_made_room_is_known_by_its_id(kit: Kit) -> None:
    provider, _ = await kit(data({"id": ROOM, "title": "x", "something": "new"}, 201))

    assert await provider.create_meeting("x") == ROOM


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"id": ROOM, "title": "Sync", "status": "ACTIVE"}, RoomStatus(ROOM, "Sync", active=True)),
        ({"id": ROOM, "title": None, "status": "INACTIVE"}, RoomStatus(ROOM, "", active=False)),
        ({"id": ROOM}, RoomStatus(ROOM, "", active=True)),
    ],
)
async def test_a_room_is_read(kit: Kit, row: dict[str, Any], expected: RoomStatus) -> None:
    provider, _ = await kit(data(row))

    assert await provider.get_meeting(ROOM) == expected


async def test_only_what_is_given_of_a_room_is_changed(kit: Kit) -> None:
    provider, script = await kit(data({"id": ROOM}))

    await provider.update_meeting(ROOM)
    await provider.update_meeting(ROOM, active=False)

    assert [seen.json for seen in script.seen] == [{"status": "INACTIVE"}]


async def test_a_refreshed_token_belongs_to_the_place_asked_for(kit: Kit) -> None:
    provider, _ = await kit(data({"token": "fresh"}))

    assert await provider.refresh_token(ROOM, PLACE) == Ticket(PLACE, "fresh")


async def test_a_persons_place_is_found_on_a_later_page_and_the_oldest_wins(kit: Kit) -> None:
    def row(own: str, person: str, day: int) -> dict[str, Any]:
        return {"id": own, "custom_participant_id": person, "created_at": f"2026-11-{day:02}T09:00:00.000Z"}

    provider, _ = await kit(*pages([row("a", "U0BO", 1), row("b", ANA, 3)], [row("c", ANA, 2)]))

    assert await provider.find_participant(ROOM, ANA) == "c"
    provider, _ = await kit(*pages([row("a", "U0BO", 1)]))
    assert await provider.find_participant(ROOM, ANA) is None


async def test_presets_are_named_as_written(kit: Kit) -> None:
    provider, _ = await kit(
        *pages([{"id": "1", "name": "group_call_host"}, {"id": "2"}, {"id": "3", "name": "Ünïque "}])
    )

    assert await provider.list_presets() == ["group_call_host", "Ünïque "]


# ------------------------------------------------------------ pages


@pytest.mark.parametrize("paged", ["outside", "inside", "nowhere"])
async def test_a_list_is_read_to_its_end(kit: Kit, paged: str) -> None:
    found = [[{"id": f"s{page}{row}"} for row in range(3)] for page in range(3)]
    last: list[list[dict[str, Any]]] = [[]] if paged == "nowhere" else []
    provider, script = await kit(*pages(*found, *last, inside="sessions", paged=paged))

    sessions = await provider.list_sessions(ROOM)

    assert [one.session_id for one in sessions] == [row["id"] for page in found for row in page]
    assert [seen.query["page_no"] for seen in script.seen] == [str(page) for page in range(1, 4 + len(last))]


async def test_a_list_that_repeats_its_page_for_ever_ends(kit: Kit) -> None:
    provider, script = await kit(
        says({"data": [{"id": "1", "name": "a"}], "paging": {"total_count": 9e9, "end_offset": 1}})
    )

    assert await provider.list_presets() == ["a"]
    assert len(script.seen) == 2


async def test_a_list_without_an_end_is_given_up_at_some_page(kit: Kit) -> None:
    async def one_more(request: Any) -> Any:
        page = request.query["page_no"]
        return await says({"data": [{"id": page, "name": page}], "paging": {"total_count": 1e9, "end_offset": 1}})(
            request
        )

    provider, script = await kit(one_more)

    assert len(await provider.list_presets()) == len(script.seen) == 200


async def test_a_row_that_moved_to_the_next_page_is_met_once(kit: Kit) -> None:
    provider, _ = await kit(*pages([{"id": "b"}, {"id": "a"}], [{"id": "a"}, {"id": "z"}], inside="sessions"))

    assert [one.session_id for one in await provider.list_sessions(ROOM)] == ["b", "a", "z"]


# ------------------------------------------------------------ recordings


async def test_a_recording_is_read_however_its_fields_are_typed(kit: Kit, clock: Clock) -> None:
    provider, _ = await kit(
        data(
            {
                **ROW,
                "status": "UPLOADED",
                "started_time": "2026-11-02 09:02:00.5Z",
                "stopped_time": None,
                "file_size": "78",
                "recording_duration": 939.0,
                "audio_download_url": "https://files.example/a.mp3",
                "download_url_expiry": "2026-11-09T09:18:10Z",
                "stop_reason": {"reason": "API_CALL", "caller": {"user_Id": "x"}},
                "start_reason": "{'reason': 'RECORD_ON_START'}",
                "session_id": SESSION,
            }
        )
    )

    assert await provider.get_recording(RECORDING) == RecordingUpdated(
        recording_id=RECORDING,
        status="UPLOADED",
        observed_at=clock(),
        invoked_at=datetime(2026, 11, 2, 9, 1, 56, tzinfo=UTC),
        started_at=datetime(2026, 11, 2, 9, 2, 0, 500000, tzinfo=UTC),
        seconds=939,
        size=78,
        audio=True,
        expires_at=datetime(2026, 11, 9, 9, 18, 10, tzinfo=UTC),
        stop_reason="API_CALL",
        start_reason="RECORD_ON_START",
        session_id=SESSION,
    )


async def test_an_action_answers_for_the_recording_it_was_meant_for(kit: Kit) -> None:
    provider, script = await kit(
        data({"status": "PAUSED"}), data({"status": "RECORDING"}), data({"status": "UPLOADING"})
    )

    done = [
        await act(RECORDING) for act in (provider.pause_recording, provider.resume_recording, provider.stop_recording)
    ]

    assert [(one.recording_id, one.status) for one in done] == [
        (RECORDING, "PAUSED"),
        (RECORDING, "RECORDING"),
        (RECORDING, "UPLOADING"),
    ]
    assert [seen.json["action"] for seen in script.seen] == ["pause", "resume", "stop"]


async def test_what_is_read_was_true_when_asked_and_what_is_changed_when_answered(kit: Kit, clock: Clock) -> None:
    async def slowly(request: Any) -> Any:
        clock.forward(seconds=5)
        return await data(ROW)(request)

    provider, _ = await kit(slowly)
    begin = clock()

    assert (await provider.get_recording(RECORDING)).observed_at == begin
    assert (await provider.pause_recording(RECORDING)).observed_at == begin + timedelta(seconds=10)


async def test_recordings_of_other_rooms_are_left_out(kit: Kit) -> None:
    rows = [
        {**ROW, "id": "a"},
        {**ROW, "id": "b", "meeting": {"id": "other"}},
        {**ROW, "id": "c", "meeting": {"id": ROOM}},
    ]
    provider, _ = await kit(*pages([*rows, {"id": "d", "status": None}]))

    assert [one.recording_id for one in await provider.list_recordings(ROOM)] == ["a", "c"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"download_url": "https://f.example/v", "audio_download_url": "https://f.example/a"}, ("v", "a")),
        ({"download_url": "https://f.example/v", "download_audio_url": "https://f.example/a"}, ("v", "a")),
        ({"download_url": None, "audio_download_url": ""}, (None, None)),
        ({"download_url": "javascript:alert(1)", "audio_download_url": 5}, (None, None)),
        ({"download_url": [{"download_urls": {"x": {"download_url": "https://f.example/v"}}}, 5]}, ("v", None)),
        ({"download_url": [{"download_urls": ["x"]}, {"download_urls": {"x": {}}}]}, (None, None)),
    ],
)
async def test_links_are_found_in_every_known_shape(
    kit: Kit, row: dict[str, Any], expected: tuple[str | None, str | None]
) -> None:
    provider, _ = await kit(data({**row, "id": RECORDING, "download_url_expiry": "2026-11-09T00:00:00Z"}))

    video, audio = (last and f"https://f.example/{last}" for last in expected)
    assert await provider.recording_links(RECORDING) == FileLinks(video, audio, datetime(2026, 11, 9, tzinfo=UTC))


# ------------------------------------------------------------ nothing there


async def test_nothing_live_is_none_and_no_error(kit: Kit) -> None:
    provider, _ = await kit(GONE)

    assert await provider.active_session(ROOM) is None
    assert await provider.active_recording(ROOM) is None
    await provider.kick_all(ROOM)
    await provider.delete_webhook(HOOK.id)
    await provider.remove_participant(ROOM, PLACE)
    with pytest.raises(ProviderNotFound):
        await provider.get_meeting(ROOM)


@pytest.mark.parametrize("body", [{"success": True, "data": None}, {"data": {"id": SESSION, "status": "ENDED"}}])
async def test_a_session_that_is_over_is_none(kit: Kit, body: dict[str, Any]) -> None:
    provider, _ = await kit(says(body))

    assert await provider.active_session(ROOM) is None


@pytest.mark.parametrize(
    "step", [says("<html>404</html>", 404), says({"errors": [{"code": 7003}]}, 404), says({}), data({})]
)
async def test_a_wrong_address_does_not_say_that_nobody_is_inside(kit: Kit, step: Step) -> None:
    provider, _ = await kit(step)

    with pytest.raises(ProviderError):
        await provider.active_session(ROOM)
    with pytest.raises(ProviderError):
        await provider.active_recording(ROOM)


# ------------------------------------------------------------ sessions


@pytest.mark.parametrize("wrap", [lambda row: row, lambda row: {"session": row}])
async def test_a_live_session_counts_heads(kit: Kit, wrap: Callable[[Any], Any]) -> None:
    row = {"id": SESSION, "status": "LIVE", "live_participants": 3, "started_at": "2026-11-02T09:00:03.000Z"}
    provider, _ = await kit(data(wrap(row)))

    assert await provider.active_session(ROOM) == LiveSession(SESSION, datetime(2026, 11, 2, 9, 0, 3, tzinfo=UTC), 3)


async def test_sessions_tell_whether_they_are_over(kit: Kit) -> None:
    rows = [
        {"id": "b", "associated_id": ROOM, "status": "LIVE", "started_at": "2026-11-02T10:00:00Z"},
        {"id": "x", "associated_id": "other", "status": "LIVE"},
        {"id": None, "status": "LIVE"},
        {"id": "a", "status": "ENDED", "started_at": "2026-11-02T09:00:00Z", "ended_at": "2026-11-02T09:30:00Z"},
    ]
    provider, _ = await kit(*pages(rows, inside="sessions"))

    nine, half, ten = (datetime(2026, 11, 2, *time, tzinfo=UTC) for time in ((9, 0), (9, 30), (10, 0)))
    assert await provider.list_sessions(ROOM) == [
        SessionSummary("b", ten, ended=False, ended_at=None),
        SessionSummary("a", nine, ended=True, ended_at=half),
    ]


async def test_attendance_becomes_joins_and_leaves(kit: Kit) -> None:
    here = {"id": "p1", "custom_participant_id": ANA, "display_name": "Ana", "joined_at": "2026-11-02T09:00:00Z"}
    left = {**here, "id": "p2", "left_at": "2026-11-02T09:30:00Z"}
    provider, _ = await kit(*pages([here, left, {"display_name": "nobody"}], inside="participants", paged="inside"))

    nine, half = datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert await provider.session_participants(SESSION) == [
        ParticipantJoined("p1", SESSION, ANA, "Ana", nine),
        ParticipantJoined("p2", SESSION, ANA, "Ana", nine),
        ParticipantLeft("p2", SESSION, ANA, "Ana", half, nine),
    ]


# ------------------------------------------------------------ webhooks


async def test_a_webhook_is_read_back_as_it_was_given(kit: Kit) -> None:
    row = {"id": HOOK.id, "name": HOOK.name, "url": HOOK.url, "events": list(HOOK.events), "enabled": True}
    provider, _ = await kit(data(row), data({"id": HOOK.id}), says("", 200), data([row, {"id": "no url"}, None]))

    assert await provider.create_webhook(HOOK.name, HOOK.url, HOOK.events) == HOOK
    assert await provider.create_webhook(HOOK.name, HOOK.url, HOOK.events) == HOOK
    assert await provider.update_webhook(HOOK) == HOOK
    assert await provider.list_webhooks() == [HOOK]


BODY = b'{"event": "meeting.started", "meeting": {"id": "room", "sessionId": "s"}}'


def headers(provider: Provider, key: rsa.RSAPrivateKey, body: bytes) -> dict[str, str]:
    family = "DYTE" if provider.name == "dyte" else "Rtk"
    return {f"{family}-Signature": sign_text(key, body), f"{family}-Webhook-Id": "hook-1", "Content-Type": "x"}


def sign_text(key: rsa.RSAPrivateKey, body: bytes) -> str:
    return base64.b64encode(sign(key, body)).decode()


async def test_a_signed_delivery_is_unwrapped(kit: Kit, key: rsa.RSAPrivateKey) -> None:
    provider, _ = await kit(data({}))

    delivery = await provider.unwrap(headers(provider, key, BODY), BODY)

    assert (delivery.webhook_id, delivery.room, delivery.events) == ("hook-1", "room", (SessionStarted("s"),))


async def test_a_body_that_nobody_vouches_for_is_never_parsed(
    kit: Kit, key: rsa.RSAPrivateKey, other_key: rsa.RSAPrivateKey
) -> None:
    provider, _ = await kit(data({}))
    compact = BODY.replace(b": ", b":").replace(b", ", b",")

    for given_headers, body in [
        ({}, b"not even JSON"),
        (headers(provider, other_key, b"\xff"), b"\xff"),
        (headers(provider, key, compact), BODY),  # Dyte's own sample would take this one
    ]:
        with pytest.raises(BadSignature):
            await provider.unwrap(given_headers, body)


async def test_a_signed_body_that_is_no_json_is_a_bad_payload(kit: Kit, key: rsa.RSAPrivateKey) -> None:
    provider, _ = await kit(data({}))

    with pytest.raises(BadPayload):
        await provider.unwrap(headers(provider, key, b"[]"), b"[]")
    [event] = (await provider.unwrap(headers(provider, key, b"{}"), b"{}")).events
    assert event == Ignored("unknown")


async def test_the_headers_of_the_successor_are_accepted_on_dytes_api_and_not_the_other_way_round(
    kit: Kit, key: rsa.RSAPrivateKey
) -> None:
    provider, _ = await kit(data({}))
    family = "rtk" if provider.name == "dyte" else "dyte"
    strange = {f"{family}-signature": sign_text(key, BODY), f"{family}-webhook-id": "hook-2"}

    if provider.name == "dyte":
        assert (await provider.unwrap(strange, BODY)).webhook_id == "hook-2"
    else:
        with pytest.raises(BadSignature):
            await provider.unwrap(strange, BODY)


# ------------------------------------------------------------ everything, whatever is answered


@pytest.mark.parametrize(
    "answer", [{}, {"data": None}, {"data": []}, {"data": {"id": 5}}, {"data": [None, 5, {}]}], ids=str
)
@pytest.mark.parametrize("ask", [ask for _, ask in EVERY], ids=EVERY_ID)
async def test_a_strange_answer_raises_only_provider_errors(kit: Kit, ask: Ask, answer: Any) -> None:
    provider, _ = await kit(says(answer))

    with contextlib.suppress(ProviderUnavailable):
        await ask(provider)


@pytest.mark.parametrize("held", [{"data": {}}, {"success": True}, {"data": ["what"]}, {"data": "none"}], ids=str)
@pytest.mark.parametrize("ask", ["find_participant", "list_recordings", "list_sessions", "list_webhooks"])
async def test_an_answer_without_a_list_does_not_say_that_there_is_nothing(kit: Kit, ask: str, held: Any) -> None:
    """Else a second place would be made for somebody, a second webhook, and what goes on be taken for over."""
    provider, _ = await kit(says(held))

    with pytest.raises(ProviderUnavailable):
        await CALLS[ask][0](provider)


@pytest.mark.parametrize("ask", ["find_participant", "list_recordings", "list_webhooks"])
async def test_a_list_of_null_is_an_empty_one(kit: Kit, ask: str) -> None:
    provider, _ = await kit(data(None))

    assert not await CALLS[ask][0](provider)


async def test_a_creation_without_an_id_may_have_taken_effect(kit: Kit) -> None:
    provider, _ = await kit(data({}))

    with pytest.raises(ProviderUnavailable) as raised:
        await provider.create_meeting("x")

    assert raised.value.unclear


async def test_a_post_is_sent_once_even_when_nobody_answers(
    play: Play, session: aiohttp.ClientSession, clock: Clock
) -> None:
    script = await play(hangs())
    provider = dyte.connect(
        org_id="o",
        api_key=SECRET,
        session=session,
        now=clock,
        api_url=script.url,
        timeouts=Timeouts(total=0.05, connect=0.05),
        retries=FAST,
    )

    with pytest.raises(ProviderUnavailable) as raised:
        await provider.start_recording(ROOM)

    assert raised.value.unclear
    assert len(script.seen) == 1


@pytest.mark.parametrize("own", ["", ".", "..", "a/../b", "a?b=c", "a#b", "a b", "ü", "%2e%2e"])
async def test_a_hostile_id_reaches_no_other_path(kit: Kit, own: str) -> None:
    provider, script = await kit(data(ROW))

    try:
        await provider.get_recording(RecordingId(own))
    except ProviderNotFound:
        assert own in ("", ".", "..")

    assert all(seen.path.endswith(f"/recordings/{own}") and not seen.query for seen in script.seen)


async def test_an_id_that_cannot_be_written_is_asked_for_all_the_same(kit: Kit) -> None:
    provider, script = await kit(GONE)

    with pytest.raises(ProviderNotFound):
        await provider.get_recording(RecordingId("\ud800"))
    assert script.seen[0].path.endswith("/recordings/?")


def test_a_ticket_and_links_do_not_show_what_is_in_them() -> None:
    assert "secret" not in repr(Ticket(PLACE, "secret"))
    assert "secret" not in repr(FileLinks("https://secret", "https://secret", None))


@pytest.mark.parametrize(
    ("url", "old"),
    [
        ("https://api.dyte.io/v1/organizations/x", True),
        ("https://api.cluster.dyte.in/v1", True),
        ("https://api.dyte.io/v2", False),
        ("https://api.dyte.io/v2/", False),
        ("http://127.0.0.1:3000/provider/dyte/v2", False),
        ("https://v1.example/v2", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_the_old_api_of_dyte_is_told_by_its_url(url: str, old: bool) -> None:
    assert dyte.is_dyte_v1(url) is old


async def test_a_key_in_the_settings_that_is_none_is_found_at_once(
    session: aiohttp.ClientSession, clock: Clock
) -> None:
    with pytest.raises(ValueError, match="PEM"):
        realtimekit.connect(
            account_id="a", app_id="b", api_token=SECRET, session=session, now=clock, webhook_key="nonsense"
        )


async def test_no_provider_shows_its_credentials(kit: Kit) -> None:
    provider, _ = await kit(data({}))

    assert SECRET not in repr(provider) + repr(vars(provider))
    assert RoomId(ROOM)
