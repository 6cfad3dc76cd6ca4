"""Slack refusing for a while: nothing doubled, and no call made that was not needed."""

import pytest

from tests.support.bench import Bench


async def test_a_post_that_was_turned_away_is_not_looked_for(world: Bench) -> None:
    """429 says that nothing was posted; reading the channel's history for it costs a rarer call."""
    world.stage.slack.scopes.add("channels:history")
    world.stage.slack.faults.ratelimit("chat.postMessage")

    await world.says("ana", "general", "/meet Weekly sync")

    await world.has_card()
    await world.settles()
    looked = {"conversations.history", "conversations.replies"}
    assert not looked & {call.method for call in world.stage.slack.calls}
    assert len(world.channel()) == 1


@pytest.mark.soak
async def test_a_reply_among_many_is_found_again_after_an_unclear_post(world: Bench) -> None:
    """In a long thread the newest replies are looked through, or the reply would be posted twice."""
    await world.says("ana", "general", "/meet Weekly sync")
    card = await world.has_card()
    world.stage.slack.scopes.add("channels:history")
    for number in range(120):
        world.stage.slack.workspace.post("CGENERAL", "UBO", f"chat {number}", thread_ts=card.ts)
    await world.joins("ana", card)
    world.stage.slack.faults.drop_after("chat.postMessage")

    await world.says("ana", "general", "/record")

    await world.until(lambda: world.reply("Recording since"))
    await world.settles()
    assert len([m for m in world.replies() if "ecording" in m.text]) == 1
