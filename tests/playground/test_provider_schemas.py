"""Every answer of the simulated providers is what their OpenAPI documents describe."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from playground.rooms import ProviderName
from tests.playground.provider_support import QUICK, Side, serving, until

DOCUMENTS = Path(__file__).parents[1] / "openapi"
KIT_BASE = "/accounts/{account_id}/realtime/kit/{app_id}"
STORAGE = {"type": "aws", "access_key": "k", "secret": "s", "bucket": "b", "region": "ap-south-1"}


@cache
def document(name: ProviderName) -> Any:
    """Read a document, with OpenAPI's nullable turned into JSON Schema's."""
    if name == "dyte":
        return _plain(yaml.safe_load((DOCUMENTS / "dyte-v2.yaml").read_text()))
    return _plain(json.loads((DOCUMENTS / "realtimekit.json").read_text()))


def _plain(node: Any) -> Any:
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _plain(value) for key, value in node.items()}
    if plain.pop("nullable", False) is True and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
    return plain


def check(side: Side, method: str, path: str, status: int, answer: Any) -> None:
    """Hold an answer against the document."""
    whole = document(side.name)
    known = next(known for known in whole["paths"] if _fits(side, known, path, method, whole))
    described = _followed(whole, whole["paths"][known][method.lower()]["responses"][str(status)])
    schema = described["content"]["application/json"]["schema"] | {"components": whole["components"]}
    errors = [
        f"{'.'.join(map(str, error.path))}: {error.message}" for error in Draft7Validator(schema).iter_errors(answer)
    ]

    assert errors == [], f"{method} {path}"


def _followed(whole: Any, node: Any) -> Any:
    while "$ref" in node:
        parts, node = node["$ref"].removeprefix("#/").split("/"), whole
        for part in parts:
            node = node[part]
    return node


def _fits(side: Side, known: str, path: str, method: str, whole: Any) -> bool:
    bare = known.removeprefix("" if side.name == "dyte" else KIT_BASE)
    if method.lower() not in whole["paths"][known] or ("{" not in bare and bare != path):
        return False
    pattern = re.sub(r"\\{[^}]*\\}", "[0-9a-f-]{36}", re.escape(bare))
    return re.fullmatch(pattern, path) is not None


class Checked:
    """Calls operations and checks each answer."""

    def __init__(self, side: Side) -> None:
        self.side = side

    async def __call__(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = await self.side.call(method, path, body)
        check(self.side, method, path, status, answer)
        return answer.get("data")


async def _meetings(call: Checked) -> tuple[str, str]:
    bucket = "dyte_bucket_config" if call.side.name == "dyte" else "realtimekit_bucket_config"
    config = {"max_seconds": 3600, "storage_config": STORAGE, bucket: {"enabled": True}}
    body = {"title": "All", "persist_chat": True, "summarize_on_end": True, "recording_config": config}
    meeting = (await call("POST", "/meetings", body))["id"]
    await call("GET", "/meetings")
    await call("GET", f"/meetings/{meeting}")
    await call("PATCH", f"/meetings/{meeting}", {"title": "Renamed"})
    person = {"custom_participant_id": "U1", "preset_name": "group_call_host", "name": "Ana"}
    place = (await call("POST", f"/meetings/{meeting}/participants", person))["id"]
    await call("GET", f"/meetings/{meeting}/participants")
    await call("GET", f"/meetings/{meeting}/participants/{place}")
    await call("PATCH", f"/meetings/{meeting}/participants/{place}", {"name": "Ana Lima"})
    token = (await call("POST", f"/meetings/{meeting}/participants/{place}/token"))["token"]
    return meeting, token


async def _recordings(call: Checked, meeting: str) -> None:
    body = {"meeting_id": meeting, "storage_config": STORAGE, "audio_config": {"codec": "MP3"}}
    recording = (await call("POST", "/recordings", body))["id"]
    await call("GET", f"/recordings/active-recording/{meeting}")
    await call.side.until_status(recording, "RECORDING")
    for action in ("pause", "resume", "stop"):
        await call("PUT", f"/recordings/{recording}", {"action": action})
    await call.side.until_status(recording, "UPLOADED")
    await call("GET", f"/recordings/{recording}")
    await call("GET", "/recordings")


async def _livestreams(call: Checked, meeting: str) -> None:
    livestream = (await call("POST", f"/meetings/{meeting}/livestreams", {"name": "all-hands"}))["id"]
    await until(lambda: call.side.simulator.rooms.livestreams[livestream].status == "LIVE")
    await call("GET", f"/meetings/{meeting}/active-livestream")
    await call("GET", f"/livestreams/{livestream}")
    await call("POST", f"/meetings/{meeting}/active-livestream/stop")
    await call("GET", f"/livestreams/{livestream}")
    await call("GET", f"/meetings/{meeting}/livestream")


async def _sessions(call: Checked, meeting: str, token: str) -> None:
    await call("GET", f"/meetings/{meeting}/active-session")
    await call("POST", f"/meetings/{meeting}/active-session/mute", {"custom_participant_ids": ["U1"]})
    await call("POST", f"/meetings/{meeting}/active-session/mute-all", {"allow_unmute": True})
    await call("POST", f"/meetings/{meeting}/active-session/kick", {"custom_participant_ids": ["U1"]})
    await call.side.simulator.enter(token)
    session = (await call("GET", "/sessions"))["sessions"][0]["id"]
    await call("GET", f"/sessions/{session}")
    await call("GET", f"/sessions/{session}/participants")
    await call("POST", f"/meetings/{meeting}/active-session/kick-all")
    await call("GET", f"/sessions/{session}/chat")
    await call("GET", f"/sessions/{session}/summary")


async def _webhooks(call: Checked) -> None:
    body = {"name": "bot", "url": "https://bot.example/hooks", "events": ["meeting.started"]}
    hook = (await call("POST", "/webhooks", body))["id"]
    await call("GET", "/webhooks")
    await call("GET", f"/webhooks/{hook}")
    await call("PUT", f"/webhooks/{hook}", body)
    await call("PATCH", f"/webhooks/{hook}", {"enabled": False})
    await call("DELETE", f"/webhooks/{hook}")
    await call("GET", "/presets")


@pytest.mark.parametrize("name", ["realtimekit", "dyte"])
async def test_every_good_answer_is_as_documented(name: ProviderName) -> None:
    async with serving(name, pace=QUICK) as side:
        call = Checked(side)
        meeting, token = await _meetings(call)
        await side.simulator.enter(token)
        await _recordings(call, meeting)
        await _livestreams(call, meeting)
        await _sessions(call, meeting, token)
        await _webhooks(call)
        place = side.simulator.rooms.participants_of(meeting)[0].id
        await call("DELETE", f"/meetings/{meeting}/participants/{place}")


@pytest.mark.parametrize("name", ["realtimekit", "dyte"])
async def test_every_documented_refusal_is_as_documented(name: ProviderName) -> None:
    async with serving(name) as side:
        call, meeting = Checked(side), await side.meeting()
        await call("GET", f"/meetings/{meeting}/active-session")
        await call("GET", f"/recordings/active-recording/{meeting}")
        await call("POST", f"/meetings/{meeting}/active-session/kick", {"participant_ids": ["x"]})
        await call("POST", "/webhooks", {"name": "bot"})


async def test_realtimekit_lists_the_events_there_are() -> None:
    async with serving("realtimekit") as side:
        assert len(await Checked(side)("GET", "/webhooks/all")) == 9
