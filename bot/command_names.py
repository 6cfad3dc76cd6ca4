"""What the two slash commands are called here: names can clash in a workspace, so the settings may give others."""

import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

COMMAND = re.compile(r"`(/meet|/record)\b")
"""A command as everything that people read names it: in backticks."""


class CommandNames:
    """Puts the names of here into words that were written with the usual ones."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self._names = dict(names or {})

    def __call__(self, said: Any) -> Any:
        """Do so wherever words are: in a text, in blocks, in a form."""
        match said:
            case str():
                return COMMAND.sub(lambda found: f"`{self._names.get(found[1], found[1])}", said)
            case dict():
                return {key: self(each) for key, each in said.items()}
            case list() | tuple():
                return type(said)(self(each) for each in said)
        return said


NAMED = web.AppKey("command names", CommandNames)
"""Where pages find them."""
