"""``/record list``: the recordings of a channel, turned page by page, hidden and shown again."""

from typing import Any

from bot.channel_recordings import ChannelRecordings
from bot.domain.rules import Act
from bot.domain.shelf import Turn
from bot.errors import UserError
from bot.journal import Wish
from bot.permissions import Permissions
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.views import actions, recording_list


def register(routes: Routes) -> None:
    """Answer ``/record list`` and the buttons of the list."""
    routes.record.add("list", list_recordings, summary="List the recordings of this channel")
    routes.button(actions.RECORDINGS_OLDER, turn)
    routes.button(actions.RECORDINGS_NEWER, turn)
    routes.button(actions.RECORD_HIDE, hide)
    routes.button(actions.RECORD_SHOW, show_again)
    routes.button(actions.RECORD_WATCHERS, tell_who_watched)


async def list_recordings(answer: Respond, channel_recordings: ChannelRecordings, permissions: Permissions) -> None:
    """List the newest recordings of this channel."""
    await permissions.insist(answer.user, Act.WATCH, answer.channel)
    page = await channel_recordings.page(answer.channel, answer.user)
    await answer(recording_list.recording_list(page, answer.user))


async def turn(
    action: dict[str, Any], answer: Respond, channel_recordings: ChannelRecordings, permissions: Permissions
) -> None:
    """Turn the page: the list stays one message."""
    await permissions.insist(answer.user, Act.WATCH, answer.channel)
    await _redraw(recording_list.unpack_turn(actions.about(action)), answer, channel_recordings)


async def hide(
    action: dict[str, Any],
    answer: Respond,
    wish: Wish,
    channel_recordings: ChannelRecordings,
    permissions: Permissions,
) -> None:
    """Hide a recording from the channel."""
    await permissions.insist(answer.user, Act.WATCH, answer.channel)  # the list that follows shows the others too
    await _decide(action, answer, wish, channel_recordings, hidden=True)


async def show_again(
    action: dict[str, Any],
    answer: Respond,
    wish: Wish,
    channel_recordings: ChannelRecordings,
    permissions: Permissions,
) -> None:
    """Show a recording in the channel again."""
    await permissions.insist(answer.user, Act.WATCH, answer.channel)
    await _decide(action, answer, wish, channel_recordings, hidden=False)


async def _decide(
    action: dict[str, Any], answer: Respond, wish: Wish, channel_recordings: ChannelRecordings, *, hidden: bool
) -> None:
    meeting_id, recording_id, where = recording_list.unpack_hiding(actions.about(action))
    await channel_recordings.hide(wish, meeting_id, recording_id, answer.user, hidden=hidden)
    await _redraw(where, answer, channel_recordings)


async def _redraw(where: Turn | None, answer: Respond, channel_recordings: ChannelRecordings) -> None:
    page = await channel_recordings.page(answer.channel, answer.user, where)
    await answer.replace(recording_list.recording_list(page, answer.user))


async def tell_who_watched(
    action: dict[str, Any], answer: Respond, channel_recordings: ChannelRecordings, permissions: Permissions
) -> None:
    """Tell the host who was given a link to a recording."""
    await permissions.insist(answer.user, Act.WATCH, answer.channel)
    shelved = await channel_recordings.one(*actions.unpack_recording(actions.about(action)))
    if answer.user != shelved.meeting.hosted_by:
        raise UserError("Only the meeting's host can see who watched its recordings.")
    await answer(recording_list.watchers(shelved))
