"""The least that can be called durable, as a server to compare with."""

import base64
import hashlib
import hmac
import os

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from redis.asyncio import Redis

from benchmarks.serving import serve
from benchmarks.traffic import SLACK_PATH, WEBHOOK_PATH


def bare(secret: str, public_key: str, redis_url: str) -> web.Application:
    """Build it: verify, write one entry to Redis, answer."""
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


if __name__ == "__main__":
    serve(bare(os.environ["SLACK_SIGNING_SECRET"], os.environ["PUBLIC_KEY"], os.environ["REDIS_URL"]))
