"""Events on their way to a bot, again and again."""

import json

from aiohttp import web

from playground.slack import SlackSimulator
from tests.playground.slack_bench import (  # noqa: F401 - fixtures
    Bot,
    bot_fixture,
    clock_fixture,
    slack_fixture,
)


async def test_an_event_is_wrapped_and_tried_again_until_it_is_taken(slack: SlackSimulator, bot: Bot) -> None:
    slack.delivery.event_retry_seconds = (0.0, 0.0, 0.0)
    bot.answers_with(web.Response(status=500), web.Response(status=503))

    ack = await slack.event({"type": "app_home_opened", "user": "UANA", "tab": "home"})

    assert ack.ok
    bodies = [json.loads(body) for body in bot.bodies]
    assert len({body["event_id"] for body in bodies}) == 1
    assert bodies[0]["type"] == "event_callback"
    assert bodies[0]["event"]["user"] == "UANA"
    assert [headers.get("x-slack-retry-num") for headers in bot.headers] == [None, "1", "2"]
    assert bot.headers[2]["x-slack-retry-reason"] == "http_error"


async def test_a_bot_can_ask_not_to_be_tried_again(slack: SlackSimulator, bot: Bot) -> None:
    bot.answers_with(web.Response(status=500, headers={"X-Slack-No-Retry": "1"}))

    assert not (await slack.event({"type": "app_home_opened"})).ok
    assert len(bot.bodies) == 1


async def test_an_event_is_given_up_after_three_retries(slack: SlackSimulator, bot: Bot) -> None:
    slack.delivery.event_retry_seconds = (0.0, 0.0, 0.0)
    bot.answers_with(*(web.Response(status=500) for _ in range(9)))

    assert (await slack.event({"type": "app_home_opened"})).status == 500
    assert len(bot.bodies) == 4


async def test_a_request_url_has_to_repeat_the_challenge(slack: SlackSimulator, bot: Bot) -> None:
    async def repeat() -> web.Response:
        return web.json_response({"challenge": json.loads(bot.bodies[-1])["challenge"]})

    bot.answers.append(repeat)

    assert (await slack.url_verification()).ok
    assert not (await slack.url_verification()).ok
