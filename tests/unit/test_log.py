"""Log lines are readable, tied together, and hold no secret."""

import asyncio
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import log
from bot.redaction import _COMPILED, _TRACES, Redactor

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJtZWV0aW5nSWQiOiJiYmIifQ.c2lnbmF0dXJl"
SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"


class Lines:
    """What was written to the standard error stream so far."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self._text = ""

    @property
    def text(self) -> str:
        self._text += self._capsys.readouterr().err
        return self._text

    def last(self) -> dict[str, Any]:
        return dict(json.loads(self.text.splitlines()[-1]))


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """Show what is written, and leave logging as it was."""
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", "docket", *log.QUIETEST)}
    handlers = list(root.handlers)
    yield Lines(capsys)
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def fail(words: str, cause: Exception | None = None) -> None:
    raise RuntimeError(words) from cause


def test_a_json_line_has_time_level_logger_message_and_extras(lines: Lines) -> None:
    log.configure("info", "json")
    logging.getLogger("bot.test").info("%s people", 3, extra={"channel": "C1", "seconds": 0.5})

    line = lines.last()

    assert line.pop("time").endswith("Z")
    assert line == {"level": "info", "logger": "bot.test", "message": "3 people", "channel": "C1", "seconds": 0.5}


def test_one_record_is_one_line_even_with_line_breaks_in_it(lines: Lines) -> None:
    log.configure("info", "json")
    logging.getLogger("bot.test").info("one\ntwo", extra={"note": "a\nb"})

    assert lines.text.count("\n") == 1


def test_an_extra_named_like_a_field_does_not_replace_it(lines: Lines) -> None:
    log.configure("info", "json")
    logging.getLogger("bot.test").info("hello", extra={"level": "high", "time": "noon"})

    line = lines.last()

    assert (line["level"], line["level_"], line["time_"]) == ("info", "high", "noon")


def test_a_console_line_is_for_reading(lines: Lines) -> None:
    log.configure("info", "console")
    with log.bind("7f3a9c"):
        logging.getLogger("bot.test").warning("no answer", extra={"status": 503})

    assert lines.text[8:] == " WARNING bot.test: no answer status=503 (ref 7f3a9c)\n"


def test_without_a_terminal_the_form_is_json(lines: Lines) -> None:
    log.configure()
    logging.getLogger("bot.test").info("hello")

    assert lines.last()["message"] == "hello"


def test_a_reference_is_on_every_line_inside_and_on_none_outside(lines: Lines) -> None:
    log.configure("info", "json")
    logger = logging.getLogger("bot.test")
    refs = []
    logger.info("before")
    refs.append(lines.last().get("ref"))
    with log.bind("aaaaaa"):
        with log.bind("bbbbbb") as inner:
            logger.info("inside")
            refs.append(lines.last()["ref"])
        logger.info("still inside")
        refs.append(lines.last()["ref"])
        assert (inner, log.current_ref()) == ("bbbbbb", "aaaaaa")
    logger.info("after")
    refs.append(lines.last().get("ref"))

    assert refs == [None, "bbbbbb", "aaaaaa", None]


async def test_tasks_at_the_same_time_keep_their_own_references(lines: Lines) -> None:
    log.configure("info", "json")

    async def work(ref: str) -> None:
        with log.bind(ref):
            await asyncio.sleep(0)
            logging.getLogger("bot.test").info(ref)

    await asyncio.gather(*(work(log.new_ref()) for _ in range(5)))

    found = [json.loads(line) for line in lines.text.splitlines()]
    assert [line["ref"] for line in found] == [line["message"] for line in found]


def test_a_reference_is_short_and_new_each_time() -> None:
    refs = {log.new_ref() for _ in range(50)}

    assert len(refs) == 50
    assert all(len(ref) == 6 and int(ref, 16) >= 0 for ref in refs)


def test_a_known_secret_is_nowhere_in_a_line(lines: Lines) -> None:
    log.configure("debug", "json", [SIGNING])
    logger = logging.getLogger("bot.test")
    try:
        fail(f"refused {SIGNING}")
    except RuntimeError:
        logger.exception(
            "message %s",
            SIGNING,
            extra={"note": SIGNING, "deep": {"list": [SIGNING, (SIGNING,)], SIGNING: 1}, "odd": Exception(SIGNING)},
            stack_info=True,
        )
    logger.debug(f"at debug too {SIGNING}")  # noqa: G004 - this is what a careless line looks like

    assert SIGNING not in lines.text
    first = json.loads(lines.text.splitlines()[0])
    assert first["message"] == "message ***"
    assert "RuntimeError: refused ***" in first["exception"]
    assert first["deep"] == {"list": ["***", ["***"]], "***": 1}


def test_the_console_form_hides_the_same(lines: Lines) -> None:
    log.configure("debug", "console", [SIGNING])
    try:
        fail(SIGNING)
    except RuntimeError:
        logging.getLogger("bot.test").exception("so %s", SIGNING, extra={"note": SIGNING})

    assert SIGNING not in lines.text
    assert "RuntimeError: ***" in lines.text


def test_the_cause_of_an_exception_is_cleaned_too(lines: Lines) -> None:
    log.configure("info", "json")
    try:
        fail("upper", ValueError(f"https://files.example.com/a.mp4?X-Amz-Signature={SIGNING}"))
    except RuntimeError:
        logging.getLogger("bot.test").exception("failed")

    assert SIGNING not in lines.text
    assert "upper" in lines.text


def test_whoever_listens_after_us_gets_the_cleaned_record(lines: Lines, caplog: pytest.LogCaptureFixture) -> None:
    log.configure("info", "json", [SIGNING])
    logging.getLogger("bot.test").info("secret %s", SIGNING)

    assert lines.last()["message"] == "secret ***"
    assert caplog.messages == ["secret ***"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("xoxb-123-456-abcDEF", "***"),
        ("token is xoxe.xoxb-1-Mi0xLWFiY", "token is ***"),
        ("xapp-1-A0-123-abc and on", "*** and on"),
        (f"joined with {JWT}.", "joined with ***."),
        (f"https://room.example.com/?authToken={JWT}&x=1", "https://room.example.com/?authToken=***&x=1"),
        (f"next=https%3A%2F%2Fa.example%2F%3Ft%3D{JWT}", "next=https%3A%2F%2Fa.example%2F%3Ft%3D***"),
        ("Authorization: Bearer abcdefgh", "Authorization: Bearer ***"),
        ("{'Authorization': 'Basic b3JnOmtleQ=='}", "{'Authorization': '***'}"),
        ("sent Basic b3JnOmtleQ== away", "sent Basic *** away"),
        (
            "https://r2.example.com/a.mp4?X-Amz-Credential=AK%2F1&X-Amz-Signature=abc&part=1",
            "https://r2.example.com/a.mp4?X-Amz-Credential=***&X-Amz-Signature=***&part=1",
        ),
        (
            "https://s.example.com/a?Expires=1&Signature=a~b&Key-Pair-Id=K",
            "https://s.example.com/a?Expires=1&Signature=***&Key-Pair-Id=***",
        ),
        ("https://b.example.net/c?sv=2&sig=a%2Fb", "https://b.example.net/c?sv=2&sig=***"),
        ("https://hooks.slack.com/commands/T1/2/3abc", "https://hooks.slack.com/***"),
        ("http://127.0.0.1:3000/slack/response/abc123", "http://127.0.0.1:3000/slack/response/***"),
        ("POST /actions/T0AAA/123/xyz failed", "POST /actions/*** failed"),
        ("""{"response_url": "https://x.example/abc", "a": 1}""", """{"response_url": "***", "a": 1}"""),
        ("""{'token': 'gIkuvaNzQIHg97ATvDxqgjtO'}""", """{'token': '***'}"""),
        (r'{"body": "{\"token\": \"gIkuvaNz\"}"}', r'{"body": "{\"token\": \"***\"}"}'),
        ("GET /join/Ab_c-1 200", "GET /join/*** 200"),
        ("POST /webhooks/realtimekit/s3cret 200", "POST /webhooks/realtimekit/*** 200"),
        ("wss://wss.slack.com/link/?ticket=abc-1&app_id=2", "wss://wss.slack.com/link/?ticket=***&app_id=2"),
        ("redis://:hunter2@redis:6379/0", "redis://***@redis:6379/0"),
        ("rtmps://live.example.com/app/stream-key-1", "rtmps://***"),
        ('{"streamKey":"abc-1","status":"LIVE"}', '{"streamKey":"***","status":"LIVE"}'),
        ("{'stream_key': 'abc-1', 'id': 1}", "{'stream_key': '***', 'id': 1}"),
        ("refused sk_ap-south-1_AfnVpeYZjidO_fBpWK, says it", "refused ***, says it"),
        ("Ticket(token='abc', n=1)", "Ticket(token='***', n=1)"),
        ("-----BEGIN PRIVATE KEY-----\nAAA\n-----END PRIVATE KEY----- done", "*** done"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out(said: str, kept: str) -> None:
    assert Redactor().text(said) == kept


@pytest.mark.parametrize(
    "line",
    [
        "SLACK_SIGNING_SECRET is missing: api.slack.com/apps, your app, Basic Information, Signing Secret",
        "SLACK_BOT_TOKEN is missing: OAuth & Permissions, Bot User OAuth Token (xoxb-…)",
        "serving at http://127.0.0.1:3000 with /join/{code} and /webhooks/realtimekit",
        "meeting realtimekit:bbb1f0c2-0000-4000-8000-0123456789ab is live, token_count=3",
        "@ana joined https://example.com/a?page=2",
        "the task_list and sk_learn stay, and so does ask_eu-1",
    ],
)
def test_ordinary_words_stay(line: str) -> None:
    assert Redactor().text(line) == line


@pytest.mark.parametrize("name", ["token", "api_key", "Authorization", "slack_bot_token", "response_url", "password"])
def test_an_extra_that_is_called_like_a_secret_is_hidden_whatever_it_holds(name: str) -> None:
    assert Redactor().value({name: "abc", "other": "abc"}) == {name: "***", "other": "abc"}


def test_a_secret_is_found_in_its_other_spellings() -> None:
    redactor = Redactor(["pa/ss wörd\"'"])

    assert redactor.text("pa%2Fss%20w%C3%B6rd%22%27") == "***"
    assert redactor.text(json.dumps("pa/ss wörd\"'")) == '"***"'
    assert redactor.text("pa%2Fss+w%C3%B6rd%22%27") == "***"


def test_a_secret_within_a_secret_leaves_no_rest() -> None:
    assert Redactor(["secret", "secret-longer"]).text("a secret-longer one") == "a *** one"


def test_an_empty_secret_takes_nothing_out() -> None:
    assert Redactor(["", "a"]).text("banana") == "banana"


@settings(max_examples=40)
@given(st.text(max_size=60), st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789/+ =", min_size=8, max_size=30))
def test_whatever_stands_around_it_a_known_secret_is_gone(around: str, secret: str) -> None:
    assert secret not in Redactor([secret]).text(f"{around}{secret}{around}").replace("***", "\0")


PIECES = st.sampled_from(
    [
        *_TRACES,
        "-----BEGIN ",
        "-----",
        "https://",
        "://",
        "T0ABC/",
        "-1234-abc",
        ".abc",
        '"',
        ": ",
        "=",
        " ",
        "ana:pw",
        "abc123",
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join), st.sampled_from([str, str.upper, str.title]))
def test_the_quick_look_overlooks_no_shape(text: str, spelt: Callable[[str], str]) -> None:
    slowly = spelt(text)
    for shape, instead in _COMPILED:
        slowly = shape.sub(instead, slowly)

    assert Redactor().text(spelt(text)) == slowly


@pytest.mark.parametrize("text", ["eyJ" * 20_000, "a_" * 30_000, "token" * 12_000, "://" * 20_000, "=" * 60_000])
def test_a_hostile_line_does_not_hold_anything_up(text: str) -> None:
    assert Redactor(["a known secret"]).text(text)  # a search that goes square takes longer than a test may


def test_a_line_whose_arguments_do_not_fit_is_written_all_the_same(lines: Lines) -> None:
    log.configure("info", "json", [SIGNING])
    logging.getLogger("bot.test").info("%d people", SIGNING)

    assert lines.last()["message"] == "%d people ('***',)"


def test_libraries_that_print_payloads_are_quiet_even_at_debug(lines: Lines) -> None:
    log.configure("debug", "json")
    for name in ("slack_bolt.AsyncApp", "slack_bolt.AsyncRequestVerification", "aiohttp.access"):
        logging.getLogger(name).info("whole request")
    for name in ("slack_sdk.web.async_client", "slack_sdk.socket_mode.aiohttp", "aiohttp.client"):
        logging.getLogger(name).debug("whole message")

    assert lines.text == ""
    assert logging.getLogger("bot.anything").isEnabledFor(logging.DEBUG)


def test_pydockets_line_per_task_is_for_debugging_only(lines: Lines) -> None:
    log.configure("info", "json")
    logging.getLogger("docket.worker").info("↪ [1ms] task(...)")
    assert lines.text == ""

    logging.getLogger("docket.worker").warning("trouble")
    assert lines.last()["message"] == "trouble"

    log.configure("debug", "json")
    logging.getLogger("docket.worker").info("↪ [1ms] task(...)")
    assert lines.last()["message"] == "↪ [1ms] task(...)"


def test_the_arguments_of_a_repeated_call_are_not_written(lines: Lines) -> None:
    log.configure("info", "json")
    logging.getLogger("stamina").warning(
        "stamina.retry_scheduled", extra={"stamina.args": ("person", "Ana"), "stamina.retry_num": 1}
    )

    assert lines.last()["stamina.retry_num"] == 1
    assert "Ana" not in lines.text


def test_configuring_again_replaces_and_does_not_double(lines: Lines) -> None:
    logging.getLogger().addHandler(logging.StreamHandler(sys.stderr))  # as logging.basicConfig leaves it
    log.configure("info", "json")
    log.configure("warning", "json")
    logging.getLogger("bot.test").info("not any more")
    logging.getLogger("bot.test").warning("once")

    assert [json.loads(line)["message"] for line in lines.text.splitlines()] == ["once"]
