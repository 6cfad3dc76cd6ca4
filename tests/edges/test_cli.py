"""What the command line prints, and how it ends, for whoever sets the bot up."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from bot.bootstrap import running
from bot.cli import app
from bot.domain.ids import ChannelId
from bot.errors import SettingsError
from playground.stage import free_port
from tests.edges.command import ROOT, greenroom, launch
from tests.support.bench import Bench, bench

COMMANDS = (
    "serve",
    "playground",
    "doctor",
    "manifest",
    "webhooks",
    "webhooks sync",
    "webhooks list",
    "webhooks remove",
)


def run(line: str, **environment: str) -> Any:
    return CliRunner().invoke(app, line.split(), env={"COLUMNS": "100", **environment})


# ------------------------------------------------------------ a start that cannot be


async def test_without_settings_it_says_all_that_is_missing_and_where_it_is_found(tmp_path: Path) -> None:
    ended = await greenroom(tmp_path)

    assert ended.code == 78
    assert ended.out == ""
    for missing, where in (
        ("SLACK_SIGNING_SECRET", "api.slack.com/apps, your app, Basic Information"),
        ("SLACK_BOT_TOKEN", "api.slack.com/apps, your app, OAuth & Permissions"),
        ("REALTIMEKIT_ACCOUNT_ID, REALTIMEKIT_APP_ID, REALTIMEKIT_API_TOKEN", "dash.cloudflare.com"),
        ("DYTE_ORG_ID, DYTE_API_KEY", "dev.dyte.io"),
    ):
        line = next(line for line in ended.err.splitlines() if missing in line)
        assert where in line
    assert "greenroom playground" in ended.err
    assert "Traceback" not in ended.err


def test_what_stands_in_a_file_is_read_and_only_the_rest_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(
        "SLACK_SIGNING_SECRET=s3cret-signing\nSLACK_BOT_TOKEN=xoxb-1\nDYTE_ORG_ID=org\nHOST_PRESET=\n", encoding="utf-8"
    )

    answer = run("serve", POLL_SECONDS="soon", SLACK_MEET_COMMAND="meet")

    assert answer.exit_code == 78
    found = [line.strip(" •").split(" ")[0] for line in answer.output.splitlines() if "•" in line]
    assert sorted(found) == ["DYTE_API_KEY", "POLL_SECONDS", "SLACK_MEET_COMMAND"]
    assert "s3cret" not in answer.output


async def test_a_port_that_is_taken_is_a_mistake_in_the_settings(world: Bench) -> None:
    port = world.bot.url.rpartition(":")[2]
    settings = world.stage.settings(REDIS_URL=world.redis_url, PORT=port)

    with pytest.raises(SettingsError, match=f"cannot listen on 127.0.0.1:{port}"):
        async with running(settings):
            pass


# ------------------------------------------------------------ help


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_explains_itself(command: str) -> None:
    answer = run(f"{command} --help")

    assert answer.exit_code == 0
    assert f"Usage: greenroom {command}".strip() in answer.output.replace("root", "greenroom")
    assert max(map(len, answer.output.splitlines())) <= 100
    assert "…" not in answer.output
    for option in re.findall(r"^│ (--[a-z-]+) .*│$", answer.output, re.MULTILINE):
        words = next(line for line in answer.output.splitlines() if f"│ {option} " in line).strip("│ ").split()
        assert len(words) > 2, f"{option} is not explained"


def test_the_help_names_every_command_and_where_settings_come_from() -> None:
    answer = run("--help").output

    for command in ("serve", "playground", "doctor", "manifest", "webhooks"):
        assert f"│ {command} " in answer
    assert ".env" in answer


def test_a_command_that_is_not_known_ends_with_an_error_and_not_with_the_bot() -> None:
    answer = run("srve")

    assert answer.exit_code == 2
    assert "No such command 'srve'" in answer.output


def test_the_version_is_told() -> None:
    answer = run("--version")

    assert (answer.exit_code, answer.output) == (0, "greenroom 0.1.0\n")


# ------------------------------------------------------------ the manifest


def is_taken_by_slack(text: str) -> dict[str, Any]:
    schema = json.loads((ROOT / "tests/slack/manifest.schema.1.0.0.json").read_bytes())
    found: dict[str, Any] = yaml.safe_load(text)
    jsonschema.Draft7Validator(schema).validate(found)
    return found


async def test_the_manifest_is_one_that_slack_takes_with_the_deployments_own_address(tmp_path: Path) -> None:
    ended = await greenroom(tmp_path, "manifest", "--url", "https://x")

    assert (ended.code, ended.err) == (0, "")
    found = is_taken_by_slack(ended.out)
    urls = [command["url"] for command in found["features"]["slash_commands"]]
    assert {*urls, found["settings"]["interactivity"]["request_url"]} == {"https://x/slack/events"}
    assert found["oauth_config"]["redirect_urls"] == ["https://x/signin/callback"]
    assert "example.com" not in ended.out
    assert not found["settings"]["socket_mode_enabled"]


def test_the_manifest_for_socket_mode_has_no_addresses() -> None:
    found = is_taken_by_slack(run("manifest").output)

    assert found["settings"]["socket_mode_enabled"]
    assert "url" not in str(found["features"]["slash_commands"])
    assert "redirect_urls" not in found["oauth_config"]


def test_the_manifest_takes_other_names_for_the_commands() -> None:
    found = is_taken_by_slack(run("manifest --url https://x.example/ --meet /video --record /film").output)

    assert [command["command"] for command in found["features"]["slash_commands"]] == ["/video", "/film"]
    assert found["features"]["slash_commands"][0]["url"] == "https://x.example/slack/events"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("--url http://x", "https://"),
        ("--url x.example", "https://"),
        ("--meet meet", "must begin with /"),
        ("--record /a/long/name/that/slack/would/never/take", "at most 32 characters"),
        ("--meet /record", "two names"),
    ],
)
def test_a_manifest_that_slack_would_refuse_is_not_printed(wrong: str, why: str) -> None:
    answer = run(f"manifest {wrong}")

    assert answer.exit_code == 2
    assert why in " ".join(answer.output.split())
    assert "slash_commands" not in answer.output


# ------------------------------------------------------------ a life and its end


async def test_serve_takes_part_in_the_world_and_ends_in_order_when_it_is_told_to(
    tmp_path: Path, redis_url: str
) -> None:
    port = free_port()
    async with bench(redis_url, public=False) as world:
        before = world.stage.slack.bot_url
        environment = world.stage.environment() | {"REDIS_URL": redis_url, "PORT": str(port), "LOG_FORMAT": "json"}
        process = await launch(tmp_path, "serve", **environment)
        world.stage.slack.bot_url = f"http://127.0.0.1:{port}"
        try:
            await until_it_answers(world)
        finally:
            process.terminate()
            _, err = await asyncio.wait_for(process.communicate(), 15)
        world.stage.slack.bot_url = before

    assert process.returncode == 0
    lines = [json.loads(line) for line in err.decode().splitlines()]
    assert any("Greenroom listens on" in line["message"] for line in lines)
    assert not [line for line in lines if line["level"] in {"warning", "error"}]


async def until_it_answers(world: Bench) -> None:
    async with asyncio.timeout(15):
        while not (await world.stage.slack.command("ana", "general", "/meet Weekly")).ok:
            await asyncio.sleep(0.05)
    await world.has_card()
    assert await world.bot.store.current(ChannelId("CGENERAL"))
