"""Take secrets out of text: those that are known by value, and those that are known by their shape."""

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

HIDDEN = "***"

SHORTEST = 4
"""A secret of fewer characters would take whole words out of every line, and is none."""

_NAMES = (
    r"(?:x-amz-[\w-]+|x-goog-[\w-]+|awsaccesskeyid|key-pair-id|signature"
    r"|(?:\w+[_-])?(?:token|secret|password|passwd|api_?key|stream_?key)"
    r"|auth_?token|access_?token|refresh_?token|signing_?secret|authorization|cookie|response_urls?)"
)
"""What a value is called that must not be seen."""

_END = r"""\s"'<>\\"""
"""Where an address or a token ends in running text, in JSON and in Python's own notation."""

_BARE = r"(?:(?<![\w-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
"""Not in the middle of a word; without this a long word would be searched again from each of its letters."""

_SHAPES: tuple[tuple[str, str], ...] = (
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", HIDDEN),
    (rf"(https?://hooks\.slack(?:-gov)?\.com/)[^{_END}]+", rf"\1{HIDDEN}"),
    (rf"(/slack/response/)[^{_END}]+", rf"\1{HIDDEN}"),
    (rf"(/(?:commands|actions|services|workflows|triggers|app)/)[TE][A-Z0-9]+/[^{_END}]+", rf"\1{HIDDEN}"),
    (rf"(/join/)[^{_END}/?#{{]+", rf"\1{HIDDEN}"),
    (rf"(/signin/callback\?)[^{_END}]+", rf"\1{HIDDEN}"),
    (rf"(/webhooks/(?:realtimekit|dyte)/)[^{_END}?#{{]+", rf"\1{HIDDEN}"),
    (rf"(rtmps?://)[^{_END}]+", rf"\1{HIDDEN}"),
    (r"(?<![\w-])sk_[a-z]{2}(?:-[a-z]+)+-\d+_\w+", HIDDEN),
    (rf"(://)[^{_END}/@]{{1,512}}@", rf"\1{HIDDEN}@"),
    (r"(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]{3,}", HIDDEN),
    (rf"{_BARE}eyJ[\w-]+\.[\w-]+(?:\.[\w-]+)?", HIDDEN),
    (r"\b(Bearer\s+)[\w.~+/=:-]+", rf"\1{HIDDEN}"),
    # "Basic" followed by an ordinary word is the name of a page in Slack's settings.
    (r"\b(Basic\s+)(?![A-Z]?[a-z]+(?![\w+/=]))[\w+/=-]{4,}", rf"\1{HIDDEN}"),
    (rf"""(\\?["']{_NAMES}\\?["']\s*:\s*\\?["'])[^{_END}][^"'\\]*""", rf"\1{HIDDEN}"),
    (rf"""({_BARE}{_NAMES}(?:=|%3D)["']?)[^{_END}&,;)\]}}]+""", rf"\1{HIDDEN}"),
    (rf"([?&#;](?:sig|policy|ticket)=)[^{_END}&]+", rf"\1{HIDDEN}"),
)

_TRACES = (
    *("private key", "hooks.slack", "/slack/response/", "/commands/", "/actions/", "/services/", "/workflows/"),
    *("/triggers/", "/app/", "/join/", "/webhooks/", "rtmp", "@", "xox", "xapp", "eyj", "bearer", "basic"),
    *("x-amz-", "x-goog-", "awsaccesskeyid", "key-pair-id", "signature", "token", "secret", "passw", "apikey"),
    *(
        "api_key",
        "streamkey",
        "stream_key",
        "sk_",
        "authorization",
        "cookie",
        "response_url",
        "sig=",
        "policy=",
        "ticket=",
    ),
)
"""What a text has in it, in small letters, if any of the shapes is; most lines have none, and are told so quickly."""

_COMPILED = tuple((re.compile(shape, re.IGNORECASE | re.DOTALL), instead) for shape, instead in _SHAPES)
_NAMED = re.compile(_NAMES, re.IGNORECASE)


def _may_hold_one(text: str) -> bool:
    """Tell quickly of most texts that no shape is in them."""
    if text.isalnum():
        return False  # every shape has a sign in it that is neither letter nor digit
    if not text.isascii():
        return True  # beyond ASCII, which letter is the capital of which is no simple matter
    small = text.lower()
    return any(trace in small for trace in _TRACES)


def _spellings(secret: str) -> set[str]:
    """Give the ways in which a secret is written inside addresses, JSON and Python's own notation."""
    return {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
    }


class Redactor:
    """Makes text fit to be kept.

    Args:
        secrets: values that are taken out wherever they stand.

    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        words = {word for secret in secrets if len(secret) >= SHORTEST for word in _spellings(secret)}
        longest_first = sorted(words, key=len, reverse=True)
        self._exact = re.compile("|".join(map(re.escape, longest_first))) if words else None

    def text(self, text: str) -> str:
        """Give the text without anything that is, or looks like, a secret."""
        if self._exact:
            text = self._exact.sub(HIDDEN, text)
        if _may_hold_one(text):
            for shape, instead in _COMPILED:
                text = shape.sub(instead, text)
        return text

    def value(self, value: object, name: str = "") -> object:
        """Do the same inside lists and mappings; what JSON does not know becomes text first."""
        if _NAMED.fullmatch(name) and value is not None:
            return HIDDEN
        match value:
            case None | bool() | int() | float():
                return value
            case Mapping():
                return {self.text(str(key)): self.value(inner, str(key)) for key, inner in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.value(inner) for inner in value]
            case _:
                return self.text(str(value))
