"""The workspace behind the simulated Slack."""

import asyncio

import pytest

from playground.workspace import SLACKBOT, User, sample_workspace


def test_the_sample_has_people_channels_and_their_direct_messages() -> None:
    workspace = sample_workspace()

    assert [user.name for user in workspace.people.values()] == ["ana", "bo", "cy", "di", "greenroom"]
    inside = [channel.id for channel in workspace.channels.values() if workspace.bot.id in channel.members]
    assert inside == ["CGENERAL", "CDESIGN", "DANA", "DBO", "DCY", "DDI"]
    assert workspace.channel("leads").kind == "private"
    assert workspace.open_direct("ana", "bo").id == "DANABO"


def test_people_and_channels_go_by_several_names() -> None:
    workspace = sample_workspace()

    assert workspace.user("@Ana") == workspace.user("UANA") == workspace.user("ana")
    assert workspace.channel("#general") == workspace.channel("CGENERAL")
    with pytest.raises(KeyError):
        workspace.user("nobody")
    with pytest.raises(KeyError):
        workspace.channel("")


def test_a_newcomer_gets_a_direct_message_with_the_bot() -> None:
    workspace = sample_workspace()
    workspace.add_user(User("UEVE", "eve", "Eve Eriksen"))

    first, second = workspace.direct_with_bot("eve"), workspace.direct_with_bot("eve")

    assert first == second
    assert first.members == ("UEVE", "UGREENROOM")
    assert workspace.direct("eve") == []


def test_earlier_versions_of_a_message_are_kept_newest_first() -> None:
    workspace = sample_workspace()
    ts = workspace.post("general", "greenroom", "one").ts

    workspace.edit("CGENERAL", ts, text="two")
    workspace.edit("CGENERAL", ts, text="three")

    assert [one.text for one in workspace.earlier("CGENERAL", ts)] == ["two", "one"]
    assert [one.text for one in workspace.messages("general")] == ["three"]


def test_what_was_posted_does_not_change_with_what_was_given() -> None:
    workspace = sample_workspace()
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "before"}}
    message = workspace.post("general", "greenroom", "x", blocks=[block])

    block["text"] = {}

    assert message.blocks[0]["text"]["text"] == "before"


async def test_each_visible_change_wakes_whoever_waits() -> None:
    workspace = sample_workspace()
    waiting = asyncio.create_task(workspace.changed())
    await asyncio.sleep(0)

    workspace.post("general", SLACKBOT, "hello")

    assert await waiting == workspace.version == 1
    assert await workspace.changed(since=0) == 1


async def test_a_test_can_wait_until_something_stands_there() -> None:
    workspace = sample_workspace()
    asyncio.get_running_loop().call_later(0.01, workspace.post, "general", "ana", "hello")

    await workspace.until(lambda: workspace.messages("general"))

    with pytest.raises(TimeoutError):
        await workspace.until(lambda: workspace.messages("design"), within=0.02)
