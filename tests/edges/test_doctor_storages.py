"""``greenroom doctor`` on storages: a row for each, whether its host answers, and never a secret."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.doctor_storages import doubt_about, endpoint, meaning, storage_findings
from bot.findings import Finding
from bot.server import listen
from bot.settings import Settings
from bot.storage_profiles import Aws, Azure, DigitalOcean, Gcs, Sftp, StorageProfile
from playground.stage import free_port
from tests.unit.test_storage_settings import BUCKET, CONNECTION, CREDENTIALS, KEY, SECRET, load

HOST = "127.0.0.1"


async def rows(settings: Settings) -> dict[str, Finding]:
    async with aiohttp.ClientSession() as http:
        findings = await storage_findings(settings, http)
    assert SECRET not in str(findings)
    return {finding.what: finding for finding in findings}


@asynccontextmanager
async def server_that_says(greeting: bytes) -> AsyncIterator[int]:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, HOST, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def blobs(status: int) -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application()
    app.router.add_route("*", "/acme/{container}", answer)
    runner, port = await listen(app, HOST, 0)
    yield f"http://{HOST}:{port}/acme"
    await runner.cleanup()


def sftp(port: int) -> dict[str, object]:
    found = {"type": "sftp", "host": HOST, "port": port, "username": "greenroom"}
    return {**found, "auth_method": "PASSWORD", "password": SECRET}


async def test_a_storage_whose_host_answers_is_good_and_one_that_does_not_is_a_note() -> None:
    gone = free_port()
    async with server_that_says(b"SSH-2.0-files\r\n") as port, blobs(409) as address:
        azure = {"type": "azure", "access_key": f"{CONNECTION};BlobEndpoint={address}", "bucket": "meetings"}
        found = await rows(load({"legal": sftp(port), "blobs": azure, "away": sftp(gone)}))

    assert found["Storage legal"] == Finding("Storage legal", "good", "SFTP: all fields there, its host answers")
    assert found["Storage blobs"].verdict == "good"
    assert found["Storage away"] == Finding(
        "Storage away", "note", "SFTP: its host cannot be reached from here (ConnectionRefusedError)"
    )


async def test_a_server_of_another_kind_is_not_taken_for_a_storage() -> None:
    async with server_that_says(b"220 ftp ready\r\n") as port:
        found = await rows(load({"legal": sftp(port)}))

    assert found["Storage legal"].details == "SFTP: something answers there, but no SFTP server"


@pytest.mark.parametrize(
    ("decided", "verdict", "said"),
    [
        ({}, "good", "kept at the provider as its dashboard says"),
        ({"RECORDING_BUCKET": "on"}, "good", "kept at the provider"),
        ({"RECORDING_STORAGE": "legal", "RECORDING_BUCKET": "off"}, "good", "sent to legal (SFTP)"),
        ({"RECORDING_STORAGE": "legal"}, "good", "sent to legal (SFTP), kept at the provider as its dashboard says"),
        (
            {"RECORDING_BUCKET": "off"},
            "note",
            "refused unless a storage is named: RECORDING_BUCKET is off, set RECORDING_STORAGE",
        ),
    ],
)
async def test_it_says_where_a_recording_goes_of_which_nothing_is_said(
    decided: dict[str, str], verdict: str, said: str
) -> None:
    row = (await rows(load({"legal": sftp(free_port())}, **decided)))["Recordings"]

    assert (row.verdict, row.details) == (verdict, said)


@pytest.mark.parametrize(
    ("profile", "address"),
    [
        (Aws(type="aws", **BUCKET), "https://s3.eu-central-1.amazonaws.com/meetings"),
        (Aws(type="aws", **BUCKET | {"region": "cn-north-1"}), "https://s3.cn-north-1.amazonaws.com.cn/meetings"),
        (
            DigitalOcean(type="digitalocean", **BUCKET | {"region": "SGP1"}),
            "https://sgp1.digitaloceanspaces.com/meetings",
        ),
        (Gcs(type="gcs", secret=CREDENTIALS, bucket="my meetings"), "https://storage.googleapis.com/my%20meetings"),
        (Azure(type="azure", access_key=CONNECTION, bucket="meetings"), "https://acme.blob.core.windows.net/meetings"),
    ],
)
def test_a_bucket_is_asked_for_where_it_is(profile: StorageProfile, address: str) -> None:
    assert doubt_about(profile) is None
    assert endpoint(profile) == address


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        (Aws(type="aws", **BUCKET | {"region": "eu/central"}), "region does not look like one"),
        (Azure(type="azure", access_key="AccountName=acme", bucket="b"), "does not look like a connection string"),
        (Gcs(type="gcs", secret=json.dumps([1]), bucket="b"), "does not look like the JSON credentials"),
        (Gcs(type="gcs", secret="{", bucket="b"), "does not look like the JSON credentials"),
        (
            Sftp(type="sftp", host="h", username="u", auth_method="KEY", private_key=KEY[11:]),
            "private_key does not look like one",
        ),
    ],
)
def test_what_does_not_look_as_it_should_is_a_note(profile: StorageProfile, said: str) -> None:
    assert said in (doubt_about(profile) or "")


@pytest.mark.parametrize(
    ("status", "said"),
    [(200, None), (403, None), (500, None), (404, "no such bucket"), (301, "another region")],
)
def test_an_answer_to_a_stranger_is_a_sign_of_life_and_may_say_more(status: int, said: str | None) -> None:
    found = meaning(Aws(type="aws", **BUCKET), status)

    assert (found is None) == (said is None)
    assert (said or "") in (found or "")
    assert meaning(Azure(type="azure", access_key=CONNECTION, bucket="b"), status) is None
