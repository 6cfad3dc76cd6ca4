"""Socket Mode, with Slack's own client at the other end."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack import SlackSimulator
from playground.workspace import sample_workspace
from tests.playground.slack_bench import BOT_TOKEN, SIGNING_SECRET, actions, button, refusal, serving

APP_TOKEN = "xapp-playground"
Listener = Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Awaitable[None]]


@pytest.fixture
async def slack() -> AsyncIterator[SlackSimulator]:
    simulator = SlackSimulator(
        sample_workspace(), signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN, app_token=APP_TOKEN
    )
    async with serving(simulator):
        yield simulator


@asynccontextmanager
async def connected(slack: SlackSimulator, listener: Listener) -> AsyncIterator[SocketModeClient]:
    async with aiohttp.ClientSession() as session:
        web_client = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, session=session)
        client = SocketModeClient(app_token=APP_TOKEN, web_client=web_client)
        client.socket_mode_request_listeners.append(listener)
        await client.connect()  # type: ignore[no-untyped-call]
        try:
            yield client
        finally:
            await client.close()  # type: ignore[no-untyped-call]


class Taken:
    """Acknowledges everything and keeps it."""

    def __init__(self, answer: dict[str, str] | None = None) -> None:
        self.requests: list[SocketModeRequest] = []
        self.answer = answer

    async def __call__(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.requests.append(request)
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, self.answer))


async def silence(_client: AsyncBaseSocketModeClient, _request: SocketModeRequest) -> None:
    """Take it and never acknowledge."""


async def test_a_command_comes_over_the_socket_and_its_answer_is_shown(slack: SlackSimulator) -> None:
    taken = Taken({"text": "Here you are"})
    async with connected(slack, taken):
        ack = await slack.command("ana", "general", "/meet Weekly @bo")

    assert (ack.ok, ack.status, ack.json()) == (True, 200, {"text": "Here you are"})
    (request,) = taken.requests
    assert (request.type, request.accepts_response_payload) == ("slash_commands", True)
    assert request.payload["text"] == "Weekly <@UBO|bo>"
    assert [one.text for one in slack.workspace.private("ana")] == ["Here you are"]


async def test_clicks_and_events_come_over_the_socket(slack: SlackSimulator) -> None:
    taken = Taken()
    message = slack.workspace.post("general", "greenroom", "card", blocks=[actions(button("join"), block_id="b")])
    async with connected(slack, taken):
        assert (await slack.click("ana", "general", message.ts, "join")).ok
        assert (await slack.event({"type": "app_home_opened", "user": "UANA"})).ok

    assert [request.type for request in taken.requests] == ["interactive", "events_api"]
    assert taken.requests[0].payload["type"] == "block_actions"
    assert taken.requests[1].payload["event"]["user"] == "UANA"


async def test_without_an_acknowledgement_the_command_times_out(slack: SlackSimulator) -> None:
    slack.ack_seconds = 0.05
    async with connected(slack, silence):
        ack = await slack.command("ana", "general", "/meet")

    assert (ack.ok, ack.body) == (False, "operation_timeout")
    assert [one.text for one in slack.workspace.private("ana")] == ['/meet failed with the error "operation_timeout"']


async def test_without_a_connection_the_command_fails_at_once(slack: SlackSimulator) -> None:
    assert (await slack.command("ana", "general", "/meet")).body == "dispatch_failed"


async def test_an_event_that_is_not_acknowledged_comes_again(slack: SlackSimulator) -> None:
    seen: list[int | None] = []

    async def second_time(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        seen.append(request.retry_attempt)
        if request.retry_attempt:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    slack.ack_seconds = 0.05
    async with connected(slack, second_time):
        assert (await slack.event({"type": "app_home_opened"})).ok

    assert seen == [0, 1]


async def test_several_connections_share_the_work(slack: SlackSimulator) -> None:
    first, second = Taken(), Taken()
    async with connected(slack, first), connected(slack, second):
        assert slack.sockets.connections == 2
        for _ in range(4):
            assert (await slack.command("ana", "general", "/meet")).ok

    assert (len(first.requests), len(second.requests)) == (2, 2)


async def test_a_client_that_is_told_to_go_comes_back(slack: SlackSimulator) -> None:
    taken = Taken()
    async with connected(slack, taken):
        await slack.sockets.disconnect()
        assert slack.sockets.connections == 0
        await slack.sockets.until_connected()

        assert (await slack.command("ana", "general", "/meet")).ok


async def test_a_ticket_is_good_for_one_connection(slack: SlackSimulator) -> None:
    async with aiohttp.ClientSession() as session:
        web_client = AsyncWebClient(base_url=slack.api_url, session=session)
        url = (await web_client.apps_connections_open(app_token=APP_TOKEN))["url"]
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
            await socket.send_str("not an acknowledgement")
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)


async def test_connections_are_opened_by_the_app_token_alone(slack: SlackSimulator) -> None:
    async with aiohttp.ClientSession() as session:
        web_client = AsyncWebClient(base_url=slack.api_url, session=session)
        wrong = await refusal(web_client.apps_connections_open(app_token=BOT_TOKEN))
        assert wrong["error"] == "not_allowed_token_type"
        other = await refusal(web_client.auth_test(token=APP_TOKEN))
        assert other["error"] == "not_allowed_token_type"


async def test_at_most_ten_connections_are_held(slack: SlackSimulator) -> None:
    async with aiohttp.ClientSession() as session:
        web_client = AsyncWebClient(base_url=slack.api_url, session=session)
        sockets = []
        for _ in range(10):
            url = (await web_client.apps_connections_open(app_token=APP_TOKEN))["url"]
            sockets.append(await session.ws_connect(url))
            await sockets[-1].receive_json()

        answer = await refusal(web_client.apps_connections_open(app_token=APP_TOKEN))

        assert answer["error"] == "too_many_websockets"
        for socket in sockets:
            await socket.close()


async def test_a_bot_of_socket_mode_can_be_reached_by_http_again(slack: SlackSimulator) -> None:
    assert slack.socket_mode

    slack.socket_mode = False

    assert (await slack.command("ana", "general", "/meet")).body == "dispatch_failed"


async def test_a_warning_leaves_the_connections_open(slack: SlackSimulator) -> None:
    async with aiohttp.ClientSession() as session:
        web_client = AsyncWebClient(base_url=slack.api_url, session=session)
        url = (await web_client.apps_connections_open(app_token=APP_TOKEN))["url"]
        async with session.ws_connect(url) as socket:
            await socket.receive_json()
            await slack.sockets.disconnect("warning")

            assert (await socket.receive_json())["reason"] == "warning"
            assert slack.sockets.connections == 1
            await socket.send_bytes(b"not text")
            await slack.close()
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
