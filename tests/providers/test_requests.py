"""Every request that the clients send is one that the providers' own descriptions allow."""

import contextlib

import aiohttp
import pytest

from bot.errors import ProviderUnavailable
from bot.ports import Provider
from bot.providers import dyte, realtimekit
from tests.providers.calls import CALLS, EVERY, EVERY_ID, RECORDING, ROOM, Ask
from tests.providers.conftest import Play
from tests.providers.openapi import complaints, operation
from tests.providers.support import FAST, SECRET, Clock, Script, data

KITS = ("realtimekit", "dyte")
ANSWER = {
    "id": RECORDING,
    "token": "t",
    "status": "RECORDING",
    "url": "https://bot.example/w",
    "sessions": [],
    "participants": [],
}


def connect(kit: str, script: Script, session: aiohttp.ClientSession, clock: Clock) -> Provider:
    if kit == "dyte":
        return dyte.connect(
            org_id="org", api_key=SECRET, session=session, now=clock, api_url=f"{script.url}/v2", retries=FAST
        )
    return realtimekit.connect(
        account_id="0" * 32,
        app_id="0a9d6a1e-88a2-4f0e-9a3b-5f2f4f6f7a33",
        api_token=SECRET,
        session=session,
        now=clock,
        api_url=f"{script.url}/client/v4/",
        retries=FAST,
    )


def test_every_call_of_the_protocol_is_tried() -> None:
    promised = {name for name, value in vars(Provider).items() if callable(value) and not name.startswith("_")}

    assert promised - {"unwrap"} == set(CALLS)


@pytest.mark.parametrize("kit", KITS)
@pytest.mark.parametrize("ask", [ask for _, ask in EVERY], ids=EVERY_ID)
async def test_a_request_is_one_that_the_provider_describes(
    play: Play, session: aiohttp.ClientSession, clock: Clock, kit: str, ask: Ask
) -> None:
    script = await play(data(ANSWER))

    with contextlib.suppress(ProviderUnavailable):  # that answer has not everything that is asked for
        await ask(connect(kit, script, session, clock))

    [seen] = script.seen
    assert complaints(kit, seen) == []


@pytest.mark.parametrize("kit", KITS)
async def test_every_list_with_pages_is_told_how_long_they_are(
    play: Play, session: aiohttp.ClientSession, clock: Clock, kit: str
) -> None:
    script = await play(data(ANSWER))
    provider = connect(kit, script, session, clock)

    for _, ask in EVERY:
        with contextlib.suppress(ProviderUnavailable):
            await ask(provider)

    for seen in script.seen:
        names = {parameter["name"] for parameter in operation(kit, seen).parameters}
        assert ("per_page" in seen.query) == ("per_page" in names), seen.path


async def test_only_dyte_is_told_of_a_region(play: Play, session: aiohttp.ClientSession, clock: Clock) -> None:
    script = await play(data(ANSWER))

    for kit in KITS:
        await connect(kit, script, session, clock).create_meeting("Sync", region="us-east-1")

    assert [seen.json.get("preferred_region") for seen in script.seen] == [None, "us-east-1"]


async def test_each_provider_has_its_own_credentials(play: Play, session: aiohttp.ClientSession, clock: Clock) -> None:
    script = await play(data(ANSWER))

    for kit in KITS:
        await connect(kit, script, session, clock).get_meeting(ROOM)

    assert [seen.headers["authorization"] for seen in script.seen] == [
        f"Bearer {SECRET}",
        aiohttp.encode_basic_auth("org", SECRET),
    ]


async def test_a_nameless_person_is_called_something(play: Play, session: aiohttp.ClientSession, clock: Clock) -> None:
    script = await play(data(ANSWER))

    for ask in CALLS["add_participant"]:
        await ask(connect("realtimekit", script, session, clock))

    assert [seen.json["name"] for seen in script.seen] == ["Ana Lima", "Guest", "A"]
    assert ["picture" in seen.json for seen in script.seen] == [True, False, False]
