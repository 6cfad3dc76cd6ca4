"""The video services, one module each; what they share is in the modules with an underscore."""

from types import ModuleType

from bot.providers import dyte, realtimekit
from bot.providers._events import USED_EVENTS, WEBHOOK_EVENTS
from bot.providers._http import JsonClient, Observer
from bot.providers._patience import Retries, Timeouts

PROVIDERS: dict[str, ModuleType] = {"realtimekit": realtimekit, "dyte": dyte}
"""Every service by the name it has in settings and URLs, the preferred one first."""

__all__ = ["PROVIDERS", "USED_EVENTS", "WEBHOOK_EVENTS", "JsonClient", "Observer", "Retries", "Timeouts"]
