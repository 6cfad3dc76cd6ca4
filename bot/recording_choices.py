"""What a deployment decides about recordings: which storages there are, and what is done where nobody says."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.options import LOST, NO_STORAGE, RecordingOptions, mistakes, would_be_lost
from bot.errors import UserError
from bot.storage_profiles import StorageProfile
from bot.views import words
from bot.views.blocks import escape

EMPTY = RecordingOptions()


@dataclass(frozen=True, slots=True)
class RecordingChoices:
    """The deployment's own choices.

    Args:
        profiles: the storages that recordings can go to, by name.
        storage: the one that they go to unless another is named.
        bucket: whether the provider keeps files unless something else is asked for; None leaves that to the provider.

    """

    profiles: Mapping[str, StorageProfile] = field(default_factory=dict, repr=False)
    storage: str | None = None
    bucket: bool | None = None

    def settled(self, asked: RecordingOptions, meeting: RecordingOptions | None = None) -> RecordingOptions:
        """Give what was asked for with everything filled in that was left open.

        Args:
            asked: what somebody chose.
            meeting: what was chosen for every recording of the meeting.

        Raises:
            UserError: the provider would not take it, or the file would be lost; says everything at once.

        """
        own = RecordingOptions(storage=self.storage, bucket=self.bucket)
        options = asked.over(meeting.once_more() if meeting else EMPTY).over(own)
        wrong = self.mistakes(options)
        if wrong:
            raise UserError(words.not_started(wrong.values()))
        profile = self.profile(options)
        kept = {"storage": options.storage, "storage_kind": profile.type} if profile else {"storage": None}
        return options.model_copy(update=kept)

    def mistakes(self, options: RecordingOptions) -> dict[str, str]:
        """Say everything that is wrong with options, by the field it is about."""
        found = mistakes(options)
        if options.storage is not None and options.storage not in {*self.profiles, NO_STORAGE}:
            found["storage"] = self._no_such_storage(options.storage)
        elif would_be_lost(options):
            found["bucket"] = LOST
        return found

    def mistakes_in(self, asked: RecordingOptions) -> dict[str, str]:
        """Say what is wrong with what somebody chose, once the deployment's own choices are filled in."""
        return self.mistakes(asked.over(RecordingOptions(storage=self.storage, bucket=self.bucket)))

    def profile(self, options: RecordingOptions) -> StorageProfile | None:
        """Give the storage that the file goes to, None where that is the provider's own bucket alone."""
        return self.profiles.get(options.storage) if options.storage is not None else None

    def _no_such_storage(self, name: str) -> str:
        if not self.profiles:
            return "no storage is set up here; whoever runs Greenroom can name some in its settings"
        close = difflib.get_close_matches(name, list(self.profiles), n=1)
        there = ", ".join(f"`{known}`" for known in sorted(self.profiles))
        return f"there is no storage `{escape(name[:60])}`" + (
            f": did you mean `{close[0]}`?" if close else f"; there is {there}"
        )
