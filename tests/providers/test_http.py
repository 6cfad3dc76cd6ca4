"""What JsonClient promises: nothing twice that must not be, nothing for ever, one kind of error, no secret in it."""

import logging
import socket
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from bot.errors import (
    ProviderError,
    ProviderNotFound,
    ProviderRefused,
    ProviderRejected,
    ProviderUnavailable,
)
from bot.providers import JsonClient
from tests.providers.conftest import Play
from tests.providers.support import FAST, SECRET, SHORT, Script, Step, data, drops, hangs, says

Make = Callable[..., JsonClient]
OK = data({"id": "1"})
SAFE = ("GET", "PUT", "PATCH", "DELETE")


@pytest.fixture
def client(session: aiohttp.ClientSession) -> Make:
    def make(script: Script | str, **more: Any) -> JsonClient:
        url = script if isinstance(script, str) else script.url
        usual: dict[str, Any] = {"authorization": f"Bearer {SECRET}", "retries": FAST, "timeouts": SHORT}
        return JsonClient(session=session, base_url=url, label="Kit", **{**usual, **more})

    return make


def closed_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


async def test_a_request_carries_the_credentials_the_query_and_the_body(play: Play, client: Make) -> None:
    script = await play(OK)

    answer = await client(script.url + "/v2/").request("do", "PATCH", "/a%2Fb", query={"q": "ä b"}, body={"x": "é"})

    assert answer == {"success": True, "data": {"id": "1"}}
    [seen] = script.seen
    assert (seen.method, seen.path, seen.query, seen.json) == ("PATCH", "/v2/a/b", {"q": "ä b"}, {"x": "é"})
    assert seen.headers["authorization"] == f"Bearer {SECRET}"


async def test_a_call_without_a_body_sends_none(play: Play, client: Make) -> None:
    script = await play(OK)

    await client(script).request("do", "POST", "/x")

    assert script.seen[0].raw == b""
    assert "json" not in script.seen[0].headers.get("content-type", "")


@pytest.mark.parametrize("method", SAFE)
@pytest.mark.parametrize("trouble", [says({}, 500), says("<html>", 502), says("{}", 408), drops(), hangs()])
async def test_what_is_safe_to_repeat_is_repeated(play: Play, client: Make, method: str, trouble: Step) -> None:
    script = await play(trouble, OK)

    assert (await client(script).request("do", method, "/"))["data"] == {"id": "1"}
    assert len(script.seen) == 2


@pytest.mark.parametrize("trouble", [says({}, 500), says("<html>", 502), says("nonsense"), drops(), hangs()])
async def test_a_post_that_may_have_taken_effect_is_never_repeated(play: Play, client: Make, trouble: Step) -> None:
    script = await play(trouble, OK)

    with pytest.raises(ProviderUnavailable) as raised:
        await client(script).request("do", "POST", "/")

    assert raised.value.unclear
    assert len(script.seen) == 1


async def test_a_read_that_fails_for_good_is_not_unclear(play: Play, client: Make) -> None:
    script = await play(says({}, 503))

    with pytest.raises(ProviderUnavailable) as raised:
        await client(script).request("do", "GET", "/")

    assert not raised.value.unclear
    assert raised.value.status == 503
    assert len(script.seen) == FAST.attempts


async def test_a_change_that_got_lost_once_stays_unclear_when_it_is_turned_away_later(play: Play, client: Make) -> None:
    script = await play(says("", 504), says("", 429))

    with pytest.raises(ProviderUnavailable) as raised:
        await client(script).request("do", "DELETE", "/")

    assert type(raised.value) is ProviderUnavailable
    assert raised.value.unclear
    assert raised.value.status == 429


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("kept", [True, False], ids=["on a line that was used before", "on a new line"])
async def test_a_refusal_after_a_change_that_got_lost_leaves_it_unclear(
    play: Play, client: Make, method: str, *, kept: bool
) -> None:
    """The first try may be why the second one is refused, so it must be ours to know that there were two."""
    script = await play(*[OK][:kept], drops(), says({"success": False}, 400))
    for _ in range(kept):
        await client(script).request("look", "GET", "/")

    with pytest.raises(ProviderRejected) as raised:
        await client(script).request("do", method, "/")

    assert raised.value.unclear


async def test_a_refusal_alone_is_clear(play: Play, client: Make) -> None:
    script = await play(says({"success": False}, 400))

    with pytest.raises(ProviderRejected) as raised:
        await client(script).request("do", "PUT", "/")

    assert not raised.value.unclear


@pytest.mark.parametrize("body", [{}, {"status": "ok"}, {"success": "yes"}], ids=str)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_json_of_something_else_is_no_answer(play: Play, client: Make, method: str, body: Any) -> None:
    script = await play(says(body))

    with pytest.raises(ProviderUnavailable) as raised:
        await client(script).request("do", method, "/")

    assert raised.value.unclear == (method == "POST")


@pytest.mark.parametrize("method", [*SAFE, "POST"])
async def test_too_many_requests_are_repeated_whatever_they_do(play: Play, client: Make, method: str) -> None:
    script = await play(says("", 429), OK)

    assert (await client(script).request("do", method, "/"))["data"] == {"id": "1"}


async def test_retry_after_is_obeyed(play: Play, client: Make) -> None:
    script = await play(says("", 429, Retry_After="1"), OK)

    started = time.monotonic()
    await client(script).request("do", "POST", "/")

    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("status", [429, 503])
async def test_a_retry_after_past_the_limit_fails_at_once(play: Play, client: Make, status: int) -> None:
    script = await play(says("", status, Retry_After="6"), OK)

    with pytest.raises(ProviderUnavailable) as raised:
        await client(script).request("do", "GET", "/")

    assert not raised.value.unclear
    assert len(script.seen) == 1


@pytest.mark.parametrize("retry_after", ["soon", "-5", "1e9", "Wed, 21 Oct 2026 07:28:00 GMT", "0"])
async def test_a_strange_retry_after_is_as_good_as_none(play: Play, client: Make, retry_after: str) -> None:
    script = await play(says("", 429, Retry_After=retry_after), OK)

    assert await client(script).request("do", "GET", "/")


@pytest.mark.parametrize("method", [*SAFE, "POST"])
async def test_a_refused_connection_is_retried_and_clear(client: Make, method: str) -> None:
    seen: list[tuple[str, str]] = []
    with pytest.raises(ProviderUnavailable) as raised:
        await client(closed_port(), observe=lambda name, outcome, _: seen.append((name, outcome))).request(
            "do", method, "/"
        )

    assert not raised.value.unclear
    assert seen == [("do", "unavailable")] * FAST.attempts


async def test_a_session_without_time_outs_is_still_safe(play: Play, client: Make) -> None:
    script = await play(hangs())

    started = time.monotonic()
    with pytest.raises(ProviderUnavailable, match="TimeoutError"):
        await client(script).request("do", "POST", "/")

    assert time.monotonic() - started < 1


async def test_an_answer_that_stops_half_way_counts_as_none(play: Play, client: Make) -> None:
    async def trickle(request: Any) -> Any:
        response = aiohttp.web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"success"')
        request.transport.close()
        return response

    script = await play(trickle, OK)

    assert await client(script).request("do", "GET", "/")
    assert len(script.seen) == 2


async def test_a_closed_session_is_an_error_of_ours(play: Play, client: Make, session: aiohttp.ClientSession) -> None:
    script = await play(OK)
    await session.close()

    with pytest.raises(ProviderUnavailable, match="closed"):
        await client(script).request("do", "GET", "/")


GATEWAY = {"success": False, "errors": [{"code": 10000, "message": "Authentication error"}], "result": None}


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (
            400,
            {"success": False, "error": {"code": 400, "message": 'BAD: "name" is required'}},
            ProviderRejected,
            "BAD",
        ),
        (401, {"message": "Unauthorized"}, ProviderRefused, "Unauthorized"),
        (401, GATEWAY, ProviderRefused, "Authentication error"),
        (403, GATEWAY, ProviderRefused, "Authentication error"),
        (400, GATEWAY, ProviderRefused, "Authentication error"),
        (
            404,
            {"success": False, "error": {"code": 404, "message": "No active session"}},
            ProviderNotFound,
            "No active",
        ),
        (404, {"success": False, "errors": [{"code": 7003, "message": "No route"}]}, ProviderRejected, "No route"),
        (404, "<html><body>not here</body></html>", ProviderRejected, "404"),
        (409, {"success": False, "error": "already recording"}, ProviderRejected, "already recording"),
        (422, [1, 2], ProviderRejected, "422"),
        (302, "", ProviderRejected, "302"),
        (200, {"success": False, "error": {"message": "odd"}}, ProviderRejected, "odd"),
        (
            400,
            {"success": False, "error": {"message": ["no", "text"]}, "errors": "x", "message": 5},
            ProviderRejected,
            "400",
        ),
    ],
)
async def test_a_no_becomes_the_error_that_says_who_can_act(
    play: Play, client: Make, status: int, body: Any, kind: type[ProviderError], words: str
) -> None:
    script = await play(says(body, status, Location="http://127.0.0.1:9/elsewhere"))

    with pytest.raises(ProviderError) as raised:
        await client(script).request("do", "POST", "/")

    assert type(raised.value) is kind
    assert raised.value.status == status
    assert words in str(raised.value)
    assert len(script.seen) == 1


@pytest.mark.parametrize("body", ["<html>", "[1]", "null", "{", '{"a": NaN}', "[" * 100_000, b"\xff\xfe{", "9" * 5000])
async def test_a_useless_answer_to_a_read_is_asked_for_again(play: Play, client: Make, body: Any) -> None:
    script = await play(says(body), OK)

    assert (await client(script).request("do", "GET", "/"))["data"] == {"id": "1"}


async def test_an_empty_answer_is_an_empty_object(play: Play, client: Make) -> None:
    script = await play(says("", 204))

    assert await client(script).request("do", "DELETE", "/") == {}


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
@pytest.mark.parametrize("scheme", ["Bearer", "Basic"])
async def test_no_secret_gets_into_an_error_or_a_log_line(
    play: Play, client: Make, status: int, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    authorization = f"Bearer {SECRET}" if scheme == "Bearer" else aiohttp.encode_basic_auth("org", SECRET)
    caplog.set_level(logging.DEBUG)
    leak = f"key {SECRET} in\n{authorization} eyJhbGciOi.eyJzdWIi.c2ln https://files.example/a?X-Amz-Signature=abcdef"
    script = await play(says({"success": False, "error": {"message": leak}}, status))

    with pytest.raises(ProviderError) as raised:
        await client(script, authorization=authorization).request("do", "GET", "/", body={"secret": "hush-hush"})

    written = str(raised.value) + repr(raised.value) + caplog.text + repr(client(script))
    assert "key" in str(raised.value)
    assert "\n" not in str(raised.value)
    for hidden in (SECRET, authorization.split()[1], "eyJzdWIi", "abcdef", "hush-hush"):
        assert hidden not in written


async def test_the_observer_hears_of_every_request(play: Play, client: Make) -> None:
    heard: list[tuple[str, str, bool]] = []
    script = await play(says({}, 500), says({"message": "no"}, 404), OK)
    asking = client(script, observe=lambda name, outcome, seconds: heard.append((name, outcome, seconds > 0)))

    with pytest.raises(ProviderNotFound):
        await asking.request("look", "GET", "/")
    await asking.request("look", "GET", "/")

    assert heard == [("look", "unavailable", True), ("look", "not_found", True), ("look", "ok", True)]
