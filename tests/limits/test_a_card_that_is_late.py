"""Whoever starts a meeting whose card cannot come yet is told why, and Slack is not asked again meanwhile."""

from tests.support.bench import Bench


async def test_a_card_that_slack_puts_off_for_long_is_announced(world: Bench) -> None:
    world.stage.slack.faults.ratelimit("chat.postMessage", retry_after=40)

    await world.says("ana", "general", "/meet Later on")
    await world.until(lambda: world.private("ana"))

    told = world.private("ana")[0].text
    assert "Slack asks me to slow down, so its card comes in about a minute" in told
    assert len([call for call in world.stage.slack.calls if call.method == "chat.postMessage"]) == 1


async def test_a_token_that_is_taken_away_is_tried_once_and_whoever_asks_is_told(world: Bench) -> None:
    slack = world.stage.slack
    slack.faults.revoke_token()
    slack.calls.clear()

    for text in ("/meet Without a token", "/meet start Another"):
        await world.says("ana", "general", text)
        await world.until(lambda: world.private("ana"))

    told = world.private("ana")[0].text
    assert "Slack does not accept my token any more (`token_revoked`)" in told
    assert "whoever runs Greenroom" in told
    assert len(slack.calls) == 1
