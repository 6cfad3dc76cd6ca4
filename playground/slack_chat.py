"""The Web API's chat.* methods, with the refusals listed on their pages at docs.slack.dev."""

from typing import Any

from playground import slack_limits as limits
from playground.slack_blocks import fallback_text, with_ids
from playground.slack_errors import Arguments, SlackError
from playground.slack_install import Installation
from playground.slack_objects import message_object
from playground.workspace import Channel, Message

Answer = dict[str, Any]


def post_message(install: Installation, args: Arguments) -> Answer:
    """chat.postMessage."""
    channel = install.writable_channel(args.required("channel", "channel_not_found"))
    content = _content(args)
    thread_ts = _thread(install, channel, args)
    install.rates.post(channel.id)
    message = install.workspace.post(
        channel.id,
        install.workspace.bot.id,
        thread_ts=thread_ts,
        broadcast=bool(thread_ts and args.flag("reply_broadcast")),
        metadata=args.metadata(),
        unfurl_links=args.flag("unfurl_links"),
        unfurl_media=args.flag("unfurl_media"),
        **content,
    )
    written = message_object(install.workspace, message)
    return {"channel": channel.id, "ts": message.ts, "message": written}


def _content(args: Arguments) -> dict[str, Any]:
    """Read text and blocks; Slack cuts text that is too long, and reads a text out of blocks sent without one."""
    blocks = with_ids(args.blocks())
    text = args.text("text")[: limits.MESSAGE_TEXT]
    if not blocks and not text.strip():
        raise SlackError("no_text")
    return {"text": text or fallback_text(blocks), "blocks": blocks}


def _thread(install: Installation, channel: Channel, args: Arguments) -> str | None:
    ts = args.optional("thread_ts")
    if ts is None:
        return None
    top = install.workspace.find(channel.id, ts)
    if top is None or top.ephemeral_for is not None:
        raise SlackError("thread_not_found")
    if top.is_reply:
        raise SlackError("cannot_reply_to_message")
    return ts


def update(install: Installation, args: Arguments) -> Answer:
    """chat.update: text without blocks takes the blocks away, no metadata keeps it, an empty one removes it."""
    channel = install.seen_channel(args.required("channel", "channel_not_found"))
    message = install.own_message(channel, args.text("ts"), foreign="cant_update_message")
    if channel.archived:
        raise SlackError("is_inactive")
    if len(args.text("text")) > limits.UPDATE_TEXT:
        raise SlackError("msg_too_long")
    after = install.workspace.edit(channel.id, message.ts, **_changes(install, message, args))
    written = message_object(install.workspace, after)
    return {"channel": channel.id, "ts": after.ts, "text": after.text, "message": written}


def _changes(install: Installation, message: Message, args: Arguments) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if args.flag("reply_broadcast") and message.is_reply and not message.broadcast:
        if "text" in args or "blocks" in args:
            raise SlackError("no_dual_broadcast_content_update")
        changes["broadcast"] = True
    else:
        changes |= _content(args)
        if changes["text"] != message.text:
            # Slack shows "edited" for changed text only.
            changes["edited"] = install.workspace.next_ts()
    if "metadata" in args:
        changes["metadata"] = args.metadata()
    return changes


def delete(install: Installation, args: Arguments) -> Answer:
    """chat.delete."""
    channel = install.seen_channel(args.required("channel", "channel_not_found"))
    message = install.own_message(channel, args.text("ts"), foreign="cant_delete_message")
    install.workspace.delete(channel.id, message.ts)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(install: Installation, args: Arguments) -> Answer:
    """chat.postEphemeral: only the named person, who has to be in the channel, sees it."""
    ref = args.required("channel", "channel_not_found")
    if ref in install.workspace.people:
        raise SlackError("channel_not_found")
    channel = install.writable_channel(ref)
    if args.text("user") not in channel.members:
        raise SlackError("user_not_in_channel")
    if len(args.text("text")) > limits.MESSAGE_TEXT:
        raise SlackError("msg_too_long")
    message = install.workspace.post(
        channel.id,
        install.workspace.bot.id,
        thread_ts=_thread(install, channel, args),
        ephemeral_for=args.text("user"),
        **_content(args),
    )
    return {"message_ts": message.ts}


def get_permalink(install: Installation, args: Arguments) -> Answer:
    """chat.getPermalink."""
    channel = install.seen_channel(args.required("channel", "channel_not_found"))
    message = install.workspace.find(channel.id, args.text("message_ts"))
    if message is None or message.ephemeral_for is not None:
        raise SlackError("message_not_found")
    link = f"https://{install.workspace.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
