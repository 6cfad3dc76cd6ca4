"""What one person sees of the playground at one moment, as the page's JSON."""

from collections.abc import Mapping
from typing import Any

from playground.slack_calls import call_object
from playground.workspace import Workspace
from playground.workspace_values import Block, Channel, Message, User

Json = dict[str, Any]


def workspace_snapshot(workspace: Workspace, me: User) -> Json:
    """Give the people, and the channels and messages that this person may see."""
    channels = [channel for channel in workspace.channels.values() if _sees(channel, me)]

    def written(messages: list[Message]) -> list[Json]:
        return [_message(workspace, one) for one in messages]

    return {
        "team": {"id": workspace.team_id, "name": workspace.name},
        "me": me.id,
        "people": [_person(workspace, user) for user in workspace.people.values()],
        "channels": [_channel(workspace, channel) for channel in channels],
        "messages": {channel.id: written(workspace.messages(channel.id)) for channel in channels},
        "private": written(workspace.private(me.id)),
    }


def _sees(channel: Channel, me: User) -> bool:
    return channel.kind == "public" or me.id in channel.members


def _person(workspace: Workspace, user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "realName": user.real_name,
        "isBot": user.is_bot,
        "direct": _newest_direct(workspace, user),
    }


def _newest_direct(workspace: Workspace, user: User) -> Mapping[str, str]:
    """Give the time of what others last wrote in each direct message: the page points at whoever has news."""
    newest = {}
    for channel in workspace.channels.values():
        if channel.kind in ("im", "mpim") and user.id in channel.members and not user.is_bot:
            from_others = [one.ts for one in workspace.channel_messages(channel.id) if one.user != user.id]
            newest.update({channel.id: from_others[-1]} if from_others else {})
    return newest


def _channel(workspace: Workspace, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": list(channel.members),
        "archived": channel.archived,
        "botMember": workspace.bot.id in channel.members,
    }


def _message(workspace: Workspace, message: Message) -> Json:
    shown: Json = {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": [_block(workspace, block) for block in message.blocks],
    }
    if message.thread_ts is not None:
        shown |= {"thread_ts": message.thread_ts, "broadcast": message.broadcast}
    if message.subtype is not None:
        shown["subtype"] = message.subtype
    if message.typed_command is not None:
        shown["typed_command"] = message.typed_command
    return shown


def _block(workspace: Workspace, block: Block) -> Block:
    """Put the call that a block names into it, as it is now."""
    call = workspace.calls.get(str(block.get("call_id"))) if block.get("type") == "call" else None
    return block | {"call": call_object(call)} if call else block
