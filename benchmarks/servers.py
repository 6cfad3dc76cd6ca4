"""The servers under test, each run as ``python -m benchmarks.servers NAME`` with its settings in the environment."""

import base64
import hashlib
import hmac
import os
import sys
from urllib.parse import urlsplit

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from redis.asyncio import Redis
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.serving import listening, run, serve
from benchmarks.traffic import SLACK_PATH, WEBHOOK_PATH
from bot.bootstrap import running
from bot.log import configure
from bot.settings import Settings


async def greenroom(*, carries_out: bool) -> None:
    """Run the whole bot as its command line does; its worker may be stopped, as if another replica did the work."""
    settings = Settings.load(os.environ)
    configure(settings.log_level, settings.log_format, settings.secrets())
    async with running(settings) as bot:
        if not carries_out:
            await bot.services.work.close()
            await bot.services.work.open()
        await listening(urlsplit(bot.url).port or 0)


def bare(secret: str, public_key: str, redis_url: str) -> web.Application:
    """Build the least that can be called durable: verify, write one entry to Redis, answer."""
    redis = Redis.from_url(redis_url)
    key = load_pem_public_key(public_key.encode())
    if not isinstance(key, RSAPublicKey):
        raise TypeError("not an RSA key")

    async def slack(request: web.Request) -> web.Response:
        body = await request.read()
        signed = b"v0:" + request.headers["X-Slack-Request-Timestamp"].encode() + b":" + body
        wanted = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted, request.headers["X-Slack-Signature"]):
            raise web.HTTPUnauthorized
        await redis.xadd("wishes", {"body": body})
        return web.Response()

    async def webhook(request: web.Request) -> web.Response:
        body = await request.read()
        try:
            key.verify(base64.b64decode(request.headers["rtk-signature"]), body, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise web.HTTPUnauthorized from None
        await redis.xadd("deliveries", {"body": body})
        return web.Response()

    app = web.Application()
    app.router.add_post(SLACK_PATH, slack)
    app.router.add_post(WEBHOOK_PATH, webhook)
    return app


def bolt(secret: str, token: str, api_url: str, *, process_before_response: bool = False) -> web.Application:
    """Build a Bolt app with everything at its default but what is given; it acknowledges and stores nothing."""
    app = AsyncApp(
        signing_secret=secret,
        client=AsyncWebClient(token, base_url=api_url),
        process_before_response=process_before_response,
    )

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.command("/meet")(acknowledge)
    return app.web_app(path=SLACK_PATH)


def main(name: str) -> None:
    """Run one of them until told to stop."""
    secret, given = os.environ["SLACK_SIGNING_SECRET"], os.environ
    match name:
        case "greenroom":
            run(greenroom(carries_out=True))
        case "greenroom-acknowledging":
            run(greenroom(carries_out=False))
        case "bare":
            serve(bare(secret, given["PUBLIC_KEY"], given["REDIS_URL"]))
        case "bolt":
            serve(bolt(secret, given["SLACK_BOT_TOKEN"], given["SLACK_API_URL"]))
        case "bolt-before-response":
            serve(bolt(secret, given["SLACK_BOT_TOKEN"], given["SLACK_API_URL"], process_before_response=True))
        case _:
            raise SystemExit(f"no server of that name: {name}")


if __name__ == "__main__":
    main(sys.argv[1])
