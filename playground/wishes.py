"""What the page can ask of the playground, as the bodies of its requests."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Wish(BaseModel):
    """Something a person did on the page."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CommandWish(Wish):
    """A slash command, as typed."""

    user: str
    channel: str
    text: str = Field(pattern=r"^/\S", max_length=12_000)


class MessageWish(Wish):
    """A plain message, in a thread where ``thread_ts`` is given."""

    user: str
    channel: str
    text: str = Field(min_length=1, max_length=12_000)
    thread_ts: str | None = None


class ClickWish(Wish):
    """The use of an element; ``selected`` is the value of the option that was chosen."""

    user: str
    channel: str
    ts: str
    action_id: str
    block_id: str | None = None
    value: str | None = None
    selected: str | None = None


class SubmitWish(Wish):
    """A form that is filled in: the answers by the ids of their blocks."""

    user: str
    view_id: str
    values: dict[str, str | list[str] | None]


class DismissWish(Wish):
    """A form that is closed without being submitted."""

    user: str
    view_id: str


class SlackFaultsWish(Wish):
    """What Slack does to the bot's next calls."""

    trouble: Literal["none", "ratelimited", "failing"]


class LeaveWish(Wish):
    """Someone leaves a room."""

    peer_id: str


class EnterWish(Wish):
    """Someone whom the workspace does not know enters a room."""

    room: str
    name: str = Field(min_length=1, max_length=60)


class RecordingWish(Wish):
    """Something is done to a recording on the provider's side, without the bot."""

    recording_id: str
    action: Literal["pause", "resume", "stop", "fail", "delete"]


class LivestreamWish(Wish):
    """Something is done to a livestream on the provider's side, without the bot."""

    livestream_id: str
    action: Literal["stop", "fail"]


class FaultsWish(Wish):
    """Faults to be set, by the names of the simulator's switches."""

    model_config = ConfigDict(extra="allow", frozen=True)

    def switches(self) -> dict[str, Any]:
        """Give the switches and their values."""
        return dict(self.model_extra or {})
