"""Log lines: JSON for machines or plain for people, tied together by a reference, with no secret in them."""

import hashlib
import json
import logging
import secrets as random
import sys
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

from redis.exceptions import RedisError

from bot.errors import BotError
from bot.redaction import Redactor

_ref: ContextVar[str | None] = ContextVar("ref", default=None)

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "ref"}
"""What every record has; the rest came in as ``extra``."""

_UNSPEAKABLE = frozenset({"stamina.args", "stamina.kwargs"})
"""Extras that hold whole arguments of calls, which may be anything."""

QUIETEST: Mapping[str, int] = {
    "slack_bolt": logging.WARNING,  # below that it prints whole requests
    "slack_sdk": logging.INFO,  # below that it prints whole calls, answers and socket messages
    "aiohttp": logging.INFO,
    "aiohttp.access": logging.WARNING,  # below that it prints every path, and a join link's path is a password
    "asyncio": logging.INFO,
    "stamina": logging.WARNING,
}
"""The level that a library's logger never goes below, at whatever level the bot speaks."""


def new_ref() -> str:
    """Make a short id that a person can read out and find in the log."""
    return random.token_hex(3)


def ref_of(name: str) -> str:
    """Make such an id that is the same each time for the same thing."""
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()[:6]


def current_ref() -> str | None:
    """Give the reference of what is going on, None outside of anything."""
    return _ref.get()


class bind:  # noqa: N801 - used as one uses a function; contextlib's way costs three times as much, for each request
    """Put a reference on every log line written inside.

    Args:
        ref: the reference.

    """

    __slots__ = ("_ref", "_token")

    def __init__(self, ref: str) -> None:
        self._ref = ref

    def __enter__(self) -> str:
        """Begin."""
        self._token = _ref.set(self._ref)
        return self._ref

    def __exit__(self, *_: object) -> None:
        """Put the reference of before back."""
        _ref.reset(self._token)


class RedactionFilter(logging.Filter):
    """Takes secrets out of a record's message, arguments, exception, stack and extras, and puts the reference on it.

    It changes the record itself, so what is gone is gone for every handler that comes after.
    """

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor
        self._formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without its secrets."""
        record.msg, record.args = self._redactor.text(_message(record)), ()
        if record.exc_info:
            record.exc_text = self._formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self._redactor.text(record.exc_text)
        if record.stack_info:
            record.stack_info = self._redactor.text(record.stack_info)
        for name, value in _extras(record).items():
            setattr(record, name, self._redactor.value(value, name))
        record.ref = getattr(record, "ref", None) or _ref.get()
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # a line whose arguments do not fit is still worth having
        return f"{record.msg} {record.args!r}"


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD | _UNSPEAKABLE}


class OneLine(logging.Filter):
    """Makes one line of warning of trouble that is expected and tried again; pydocket writes a traceback each time."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without the traceback where that says nothing new."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and _is_expected(error):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.msg, record.args = f"{_message(record)} ({_kind(error)}), to be tried again", ()
            record.exc_info = None
        return True


def _is_expected(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(map(_is_expected, error.exceptions))
    return isinstance(error, BotError | RedisError | OSError)


def _kind(error: BaseException) -> str:
    return _kind(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else type(error).__name__


ONE_LINE = OneLine()
RETRYING = ("docket.worker", "docket.dependencies", "docket.strikelist", "docket._redelivery")
"""The loggers of pydocket that tell of what is tried again."""


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in (("ref", record.__dict__.get("ref")),) if value}
        line |= {f"{name}_" if name in line else name: value for name, value in _extras(record).items()}
        line |= {"exception": record.exc_text} if record.exc_text else {}
        line |= {"stack": record.stack_info} if record.stack_info else {}
        return json.dumps(line, ensure_ascii=False, default=str)


class ConsoleFormatter(logging.Formatter):
    """Writes a record for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, and an exception below it."""
        at = datetime.fromtimestamp(record.created, UTC).astimezone()
        ref = record.__dict__.get("ref")
        parts = [f"{at:%H:%M:%S} {record.levelname:<7} {record.name}: {record.getMessage()}"]
        parts += [f"{name}={value}" for name, value in _extras(record).items()]
        parts += [f"(ref {ref})"] if ref else []
        below = [text for text in (record.exc_text, record.stack_info) if text]
        return "\n".join([" ".join(parts), *below])


class LogHandler(logging.StreamHandler[TextIO]):
    """The one handler that ``configure`` puts up; its own type, so that the next call finds it."""


def configure(level: str = "info", form: str | None = None, secrets: Iterable[str] = ()) -> None:
    """Send every log line to the standard error stream; a second call replaces the first.

    Args:
        level: debug, info, warning or error.
        form: console or json; None for console on a terminal, else json.
        secrets: values that no line may hold.

    """
    handler = LogHandler(sys.stderr)
    console = form == "console" or (form is None and sys.stderr.isatty())
    handler.setFormatter(ConsoleFormatter() if console else JsonFormatter())
    handler.addFilter(RedactionFilter(Redactor(secrets)))
    root = logging.getLogger()
    for other in [
        known for known in root.handlers if isinstance(known, LogHandler) or type(known) is logging.StreamHandler
    ]:
        root.removeHandler(other)
    root.handlers.insert(0, handler)  # first, so that whoever listens too gets the record without its secrets
    _set_levels(logging.getLevelNamesMapping()[level.upper()])


def _set_levels(level: int) -> None:
    logging.getLogger().setLevel(level)
    for name, quietest in QUIETEST.items():
        logging.getLogger(name).setLevel(max(level, quietest))
    for name in RETRYING:
        logging.getLogger(name).addFilter(ONE_LINE)
    # pydocket writes two lines for each task it runs, which is news only to someone who hunts a bug.
    logging.getLogger("docket").setLevel(max(level, logging.INFO if level <= logging.DEBUG else logging.WARNING))
