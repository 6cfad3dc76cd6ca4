"""Which video service a meeting is on, and which one makes new meetings."""

from collections.abc import Iterator, Mapping

from bot.domain.ids import MeetingId
from bot.errors import ProviderRefused
from bot.ports import Provider


class Providers:
    """The configured providers.

    Args:
        configured: by name.
        default: the name of the one that makes new meetings.

    """

    def __init__(self, configured: Mapping[str, Provider], default: str) -> None:
        self._configured = dict(configured)
        self.default = self._configured[default]

    def of(self, meeting_id: MeetingId) -> Provider:
        """Give the provider that a meeting is on.

        Raises:
            ProviderRefused: it is not configured any more.

        """
        name = meeting_id.partition(":")[0]
        provider = self._configured.get(name)
        if provider is None:
            raise ProviderRefused(f"{name} is not configured any more")
        return provider

    def named(self, name: str) -> Provider | None:
        """Give a configured provider by its name in URLs."""
        return self._configured.get(name)

    def __iter__(self) -> Iterator[Provider]:
        """Go through all that are configured."""
        return iter(self._configured.values())
