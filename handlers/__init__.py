"""One file for each thing that a person or a provider can do to the bot."""

from importlib import import_module
from pkgutil import iter_modules

from bot.routes import Routes

LAST = "unknown"
"""Answers what nobody else does, so it is asked last."""


def modules() -> list[str]:
    """Name every module here, in the order in which they register."""
    return sorted((module.name for module in iter_modules(__path__)), key=lambda name: (name == LAST, name))


def register_all(routes: Routes) -> None:
    """Let every module here say what it answers to."""
    for name in modules():
        import_module(f"{__name__}.{name}").register(routes)
