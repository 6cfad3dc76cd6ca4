"""The house keeps its own rules: what is registered can be called, what is asked of Slack is what is used."""

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

import pytest
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.manifest import Manifest, load_manifest
from bot.providers import PROVIDERS, WEBHOOK_EVENTS
from bot.routes import Routes, SlashCommand
from bot.slack.app import ANSWER, LAST_TRY, REFERENCE, WISH
from bot.views.actions import MORE
from bot.views.more import CHOICES
from tests.support.bench import Bench

ROOT = Path(__file__).parent.parent
BOLTS_OWN = set(inspect.signature(AsyncArgs.__init__).parameters) - {"self", "kwargs", "next"} | {"args"}
PAYLOADS = {"command", "action", "view", "shortcut", "event", "message", "options"}
"""Each of these is there for listeners of its own kind, and None for all others."""

KINDS = {
    "global_shortcut": "shortcut",
    "message_shortcut": "shortcut",
    "view_submission": "view",
    "view_closed": "view",
}

HISTORY = {"channels:history", "groups:history", "im:history", "mpim:history"}
READ = {"channels:read", "groups:read", "im:read", "mpim:read"}
SCOPES: dict[str, set[str]] = {
    "apps.connections.open": set(),  # the app-level token's own
    "auth.test": set(),
    "calls.add": {"calls:write"},
    "calls.end": {"calls:write"},
    "calls.participants.add": {"calls:write"},
    "calls.participants.remove": {"calls:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write", "chat:write.public"},  # a person's id for a channel needs no more than this
    "chat.update": {"chat:write"},
    "conversations.history": HISTORY,
    "conversations.info": READ,
    "conversations.members": READ,
    "conversations.replies": HISTORY,
    "openid.connect.token": set(),  # the app's client secret's own
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "views.open": set(),
}
"""What each method of the Web API takes; source: docs.slack.dev, the page of each method."""


class Registered(NamedTuple):
    """A listener, the kind of thing it answers, and which one of them."""

    kind: str
    what: Any
    listener: Callable[..., Any]


class Register:
    """Stands where the Bolt app stands when the handlers say what they answer to, and notes it."""

    def __init__(self) -> None:
        self.all: list[Registered] = []

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        def register(what: Any, **_: Any) -> Callable[..., Any]:
            return lambda listener: self.all.append(Registered(KINDS.get(kind, kind), what, listener))

        return register

    def of(self, kind: str) -> list[Registered]:
        return [each for each in self.all if each.kind == kind]


@pytest.fixture
def register() -> Register:
    noted: Any = Register()
    handlers.register_all(Routes(noted, SlashCommand("/meet", noted), SlashCommand("/record", noted)))
    return noted  # type: ignore[no-any-return]


@pytest.fixture
def manifest() -> Manifest:
    return load_manifest()


def parameters(listener: Callable[..., Any]) -> dict[str, Any]:
    hints = get_type_hints(listener)
    return {name: hints[name] for name in inspect.signature(listener).parameters}


# ------------------------------------------------------------ listeners


async def test_whatever_a_listener_asks_for_by_name_is_there_and_of_its_type(world: Bench, register: Register) -> None:
    """Bolt gives None for a misspelt name, with no more than a log line."""
    offered: dict[str, Any] = {}

    async def look(context: AsyncBoltContext, next: Callable[[], Any]) -> None:  # noqa: A002 - Bolt's own name
        offered.update(context)
        await next()

    world.bot.routes.slack.use(look)
    await world.says("ana", "general", "/meet help")
    await world.until(lambda: offered)

    assert len(register.all) == len(world.bot.routes.slack._async_listeners)
    for each in register.all:
        for name, hint in parameters(each.listener).items():
            assert name in BOLTS_OWN | offered.keys(), f"{each.listener.__name__} asks for {name}"
            if name in offered and inspect.isclass(hint):
                assert isinstance(offered[name], hint), f"{each.listener.__name__} takes {name} for another thing"

    given = (offered.keys() - {WISH, ANSWER, REFERENCE, LAST_TRY}) | {"opening"}
    for draw in drawers(world.bot.routes):
        assert parameters(draw).keys() <= given, f"{draw.__name__} is called while Slack waits"
        assert inspect.iscoroutinefunction(draw), draw.__name__


def drawers(routes: Routes) -> list[Callable[..., Any]]:
    """Give whatever draws a form."""
    by_word = (command.forms.values() for command in (routes.meet, routes.record))
    return [*routes.drawn.values(), *routes.drawn_by_choice.values(), *(draw for forms in by_word for draw in forms)]


def test_no_listener_asks_for_the_payload_of_another_kind(register: Register) -> None:
    for each in register.all:
        foreign = PAYLOADS - {each.kind}

        assert not foreign & parameters(each.listener).keys(), each.listener.__name__


def test_bolt_would_give_every_argument_by_its_name(register: Register) -> None:
    """It leaves out keyword-only arguments, and gives no defaults."""
    for each in register.all:
        kinds = {parameter.kind for parameter in inspect.signature(each.listener).parameters.values()}

        assert kinds <= {inspect.Parameter.POSITIONAL_OR_KEYWORD}, each.listener.__name__
        assert inspect.iscoroutinefunction(each.listener), each.listener.__name__


def test_no_two_listeners_answer_the_same_button(register: Register) -> None:
    named = [each.what for each in register.of("action") if isinstance(each.what, str) and each.what != MORE]

    assert sorted(set(named)) == sorted(named)


def test_each_choice_of_the_menu_is_answered_by_one_listener() -> None:
    noted: Any = Register()
    routes = Routes(noted, SlashCommand("/meet", noted), SlashCommand("/record", noted))
    handlers.register_all(routes)

    assert sorted(routes.choices) == sorted(choice.name for choice in CHOICES)


def test_every_button_that_is_drawn_is_answered(register: Register) -> None:
    from bot.views import actions  # noqa: PLC0415 - its public names are the subject

    others = {actions.OUT_OF_DATE, actions.SEPARATOR, *(choice.name for choice in CHOICES)}
    drawn = {value for name, value in vars(actions).items() if name.isupper() and value not in others}

    assert {each.what for each in register.of("action") if isinstance(each.what, str)} == drawn


def test_whatever_is_not_known_is_asked_last(register: Register) -> None:
    catch_all = register.of("action")[-1]

    assert catch_all.what == re.compile(".*")


# ------------------------------------------------------------ the manifest


def test_the_manifest_names_the_commands_that_are_answered(register: Register, manifest: Manifest) -> None:
    named = {command["command"] for command in manifest["features"]["slash_commands"]}

    assert named == {each.what for each in register.of("command") if isinstance(each.what, str)}


def test_the_hints_name_words_that_are_answered(manifest: Manifest) -> None:
    noted: Any = Register()
    routes = Routes(noted, SlashCommand("/meet", noted), SlashCommand("/record", noted))
    handlers.register_all(routes)
    hints = {command["command"]: command["usage_hint"] for command in manifest["features"]["slash_commands"]}

    for command in (routes.meet, routes.record):
        hinted = set(re.findall(r"(?:[|[] ?)(\w+)(?= ?[|\]]| ?$)", hints[command.name])) - {"title"}
        assert hinted <= set(command.known)
        assert "help" in hinted or hints[command.name].endswith("help")


def test_the_manifest_names_the_shortcuts_and_events_that_are_answered(register: Register, manifest: Manifest) -> None:
    shortcuts = {each["callback_id"] for each in manifest["features"].get("shortcuts", [])}
    events = set(manifest["settings"].get("event_subscriptions", {}).get("bot_events", []))

    assert shortcuts == {each.what for each in register.of("shortcut")}
    assert events == {each.what for each in register.of("event")}
    assert manifest["features"]["app_home"]["home_tab_enabled"] is ("app_home_opened" in events)


def test_the_manifest_asks_for_the_scopes_that_are_used_and_no_others(register: Register, manifest: Manifest) -> None:
    asked = manifest["oauth_config"]["scopes"]
    used = set().union(*(SCOPES[method] for method in methods_called()))

    assert set(asked["bot"]) | set(asked["bot_optional"]) == used | ({"commands"} if register.of("command") else set())
    assert set(asked["bot_optional"]) == HISTORY | READ | {"usergroups:read", "calls:write"}


def test_the_scan_finds_the_methods_that_the_stories_call() -> None:
    assert {"auth.test", "chat.postMessage", "chat.update", "users.info"} <= methods_called()


def methods_called() -> set[str]:
    """Find each Web API method in the bot's source: as ``"chat.update"`` or as ``client.auth_test()``."""
    of_client = {
        name.replace("_", ".") for name in dir(AsyncWebClient) if "_" in name[1:-1] and not name.startswith("_")
    }
    found = {"apps.connections.open"}  # slack_sdk's socket client calls it for us
    for _, tree in sources("bot", "handlers"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} & of_client
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found |= {node.func.attr.replace("_", ".")} & of_client
    return found - {"api.call"}


# ------------------------------------------------------------ what is discovered


def test_the_handlers_are_these() -> None:
    assert handlers.modules() == [
        "copy_link",
        "end",
        "guest",
        "help",
        "join",
        "join_page",
        "live",
        "meeting_door",
        "moments",
        "off_record",
        "page_files",
        "people",
        "record",
        "record_form",
        "recording_door",
        "recordings",
        "ring",
        "settings",
        "signin",
        "start",
        "status",
        "tracks",
        "watch",
        "webhook",
        "unknown",
    ]


def test_both_providers_have_a_sample_of_every_event() -> None:
    assert list(PROVIDERS) == ["realtimekit", "dyte"]
    for name in PROVIDERS:
        samples = [json.loads(path.read_bytes()) for path in (ROOT / "tests/samples" / name).glob("*.json")]

        assert {sample["event"] for sample in samples} == set(WEBHOOK_EVENTS), name


# ------------------------------------------------------------ who knows whom, and who waits


def sources(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_only_the_command_line_knows_the_playground_and_finds_it_late() -> None:
    late: set[str] = set()
    early: set[str] = set()
    for path, tree in sources("bot", "handlers"):
        at_once = {id(node) for node in tree.body}
        for node in ast.walk(tree):
            if any(name.split(".")[0] == "playground" for name in imported(node)):
                (early if id(node) in at_once else late).add(str(path))

    assert (late, early) == ({"bot/cli.py"}, set())


def test_nothing_blocks_the_loop_by_sleeping() -> None:
    for path, tree in sources("bot", "handlers"):
        for node in ast.walk(tree):
            slept = isinstance(node, ast.Attribute) and node.attr == "sleep" and ast.unparse(node.value) == "time"
            borrowed = isinstance(node, ast.ImportFrom) and node.module == "time" and "sleep" in ast.unparse(node)

            assert not slept, path
            assert not borrowed, path
