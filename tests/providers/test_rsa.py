"""Who signed a body, and where the key that tells comes from."""

import asyncio
import base64
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.errors import BadSignature, KeyUnavailable
from bot.providers import JsonClient
from bot.providers._rsa import Verifier, parse_key, verifier
from tests.providers.conftest import Play
from tests.providers.support import SECRET, SHORT, Clock, Script, Step, drops, pem, says, sign

Make = Callable[..., Verifier]
BODY = b'{"event": "meeting.started"}'


@pytest.fixture
def verifying(session: aiohttp.ClientSession, clock: Clock) -> Make:
    def make(script: Script | None, fixed: str | None = None) -> Verifier:
        url = script.url if script else "http://127.0.0.1:1"
        client = JsonClient(
            session=session,
            base_url="http://127.0.0.1:1",
            label="Kit",
            authorization=f"Bearer {SECRET}",
            timeouts=SHORT,
        )
        return verifier(client, f"{url}/.well-known/webhooks.json", fixed, clock)

    return make


def publishes(key: rsa.RSAPrivateKey) -> Step:
    return says({"success": True, "data": {"publicKey": pem(key)}, "message": ""})


def signature(key: rsa.RSAPrivateKey, body: bytes = BODY) -> str:
    return base64.b64encode(sign(key, body)).decode()


async def test_a_body_with_the_providers_signature_is_accepted(
    play: Play, verifying: Make, key: rsa.RSAPrivateKey
) -> None:
    script = await play(publishes(key))

    await verifying(script).verify(BODY, f" {signature(key)} ")

    assert script.seen[0].path == "/.well-known/webhooks.json"


async def test_the_request_for_the_key_carries_no_credentials(
    play: Play, verifying: Make, key: rsa.RSAPrivateKey
) -> None:
    script = await play(publishes(key))

    await verifying(script).verify(BODY, signature(key))

    assert "authorization" not in script.seen[0].headers


async def test_one_byte_more_or_less_is_refused(verifying: Make, key: rsa.RSAPrivateKey) -> None:
    check = verifying(None, pem(key))

    for body in (BODY + b" ", BODY[:-1], b"", BODY.replace(b": ", b":")):
        with pytest.raises(BadSignature):
            await check.verify(body, signature(key))


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "  ",
        "!!!",
        "aGVsbG8=",
        "ünïcode",
        "\ud800",
        "=" * 344,
        "A" * 343,
        base64.b64encode(b"x" * 5000).decode(),
        "A" * 171 + "\n" + "A" * 172,
        base64.b64encode(b"x" * 255).decode(),
    ],
)
async def test_garbage_for_a_signature_is_refused_without_a_look_at_the_key(
    play: Play, verifying: Make, key: rsa.RSAPrivateKey, header: str | None
) -> None:
    script = await play(publishes(key))

    with pytest.raises(BadSignature):
        await verifying(script).verify(BODY, header)

    assert script.seen == []


async def test_the_key_is_fetched_once_for_many_deliveries_at_once(
    play: Play, verifying: Make, key: rsa.RSAPrivateKey
) -> None:
    script = await play(publishes(key))
    check = verifying(script)

    await asyncio.gather(*(check.verify(BODY, signature(key)) for _ in range(20)))

    assert len(script.seen) == 1


async def test_the_key_is_fetched_again_after_an_hour(
    play: Play, verifying: Make, clock: Clock, key: rsa.RSAPrivateKey
) -> None:
    script = await play(publishes(key))
    check = verifying(script)
    for minutes in (0, 59, 1):
        clock.forward(minutes=minutes)
        await check.verify(BODY, signature(key))

    assert len(script.seen) == 2


async def test_a_changed_key_is_found_at_the_first_signature_that_does_not_fit(
    play: Play, verifying: Make, key: rsa.RSAPrivateKey, other_key: rsa.RSAPrivateKey
) -> None:
    script = await play(publishes(key), publishes(other_key))
    check = verifying(script)
    await check.verify(BODY, signature(key))

    await asyncio.gather(*(check.verify(BODY, signature(other_key)) for _ in range(5)))

    assert len(script.seen) == 2
    with pytest.raises(BadSignature):
        await check.verify(BODY, signature(key))


async def test_forgers_cause_one_fetch_a_minute_at_most(
    play: Play, verifying: Make, clock: Clock, key: rsa.RSAPrivateKey, other_key: rsa.RSAPrivateKey
) -> None:
    script = await play(publishes(key))
    check = verifying(script)
    for seconds in (0, 10, 49, 1, 30):
        clock.forward(seconds=seconds)
        with pytest.raises(BadSignature):
            await check.verify(BODY, signature(other_key))
        await check.verify(BODY, signature(key))

    assert len(script.seen) == 1 + 2


async def test_a_clock_that_is_set_back_does_not_lock_the_old_key_in(
    play: Play, verifying: Make, clock: Clock, key: rsa.RSAPrivateKey, other_key: rsa.RSAPrivateKey
) -> None:
    script = await play(publishes(key), publishes(key), publishes(other_key))
    check = verifying(script)
    with pytest.raises(BadSignature):
        await check.verify(BODY, signature(other_key))
    clock.forward(days=-1)

    await check.verify(BODY, signature(other_key))


@pytest.mark.parametrize(
    "step",
    [
        drops(),
        says("", 500),
        says("<html>"),
        says({"success": False, "error": {"message": "no"}}),
        says({"success": True, "data": {"publicKey": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"}}),
        says({"data": {"publicKey": 5}}),
        says({"data": ["x"], "publicKey": "\ud800"}),
        says({}),
    ],
)
async def test_without_any_key_nothing_can_be_told(
    play: Play, verifying: Make, clock: Clock, key: rsa.RSAPrivateKey, step: Step
) -> None:
    script = await play(step)
    check = verifying(script)

    for _ in range(3):
        with pytest.raises(KeyUnavailable):
            await check.verify(BODY, signature(key))

    asked = len(script.seen)
    script.steps = [publishes(key)]
    clock.forward(seconds=5)
    await check.verify(BODY, signature(key))
    assert asked <= 2  # aiohttp itself sends a read twice over a connection that breaks
    assert len(script.seen) == asked + 1


async def test_an_old_key_goes_on_while_no_other_can_be_had(
    play: Play, verifying: Make, clock: Clock, key: rsa.RSAPrivateKey
) -> None:
    script = await play(publishes(key), says("", 500))
    check = verifying(script)
    for hours in (0, 2, 0):
        clock.forward(hours=hours)
        await check.verify(BODY, signature(key))

    assert len(script.seen) == 2


async def test_a_key_from_the_settings_is_never_fetched(
    verifying: Make, key: rsa.RSAPrivateKey, other_key: rsa.RSAPrivateKey
) -> None:
    check = verifying(None, pem(key).replace("\n", "\\n"))

    await check.verify(BODY, signature(key))
    with pytest.raises(BadSignature):
        await check.verify(BODY, signature(other_key))


@pytest.mark.parametrize("envelope", [lambda text: {"publicKey": text}, lambda text: {"data": {"publicKey": text}}])
async def test_the_published_key_may_stand_anywhere_sensible_and_spell_its_line_breaks_out(
    play: Play, verifying: Make, key: rsa.RSAPrivateKey, envelope: Callable[[str], Any]
) -> None:
    script = await play(says(envelope(pem(key).replace("\n", "\\n"))))

    await verifying(script).verify(BODY, signature(key))


def public(key: Any) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_a_key_of_another_kind_or_too_short_is_none() -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - that is the point
    for text in (public(ec.generate_private_key(ec.SECP256R1())), public(short), "", "nonsense"):
        with pytest.raises(ValueError, match="not a"):
            parse_key(text)
