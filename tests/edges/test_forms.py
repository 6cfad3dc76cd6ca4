"""Forms, from the click that opens one to the private answer at their end, by HTTP and by Socket Mode."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.keys import ban_key, slow_key
from playground.slack_forms import NOT_SENT
from playground.slack_payloads import action_of, block_actions, find_element
from tests.edges.place import Place, place, town
from tests.support import trial_form
from tests.support.bench import Bench
from tests.support.trial_form import NOT_THIS, TRIAL, received, with_button

pytestmark = pytest.mark.asyncio(loop_scope="module")

DEFAULTS = "nothing yet; 30; green; None; ('red',); None; (); nothing"


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[False, True], ids=["http", "socket"])
async def shared(redis_process: str, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """Give a bot that has the trial form."""
    async with town(redis_process, socket_mode=request.param) as world:
        trial_form.register(world.bot.routes)
        yield world


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def closed(shared: Bench) -> AsyncIterator[None]:
    """Leave no form open for whoever comes next."""
    yield
    for user in ("ana", "bo"):
        if shared.has_form(user):
            await shared.stage.slack.dismiss(user, shared.form(user).id)


@pytest_asyncio.fixture(loop_scope="module")
async def opened(here: Place) -> Place:
    """Give a place in which Ana has the form before her."""
    await here.world.says("ana", here.id, "/meet trial")
    return here


# ------------------------------------------------------------ opening


async def test_a_word_opens_a_form_and_says_nothing_beside(opened: Place) -> None:
    assert opened.world.form("ana").content["title"]["text"] == "Try a form"
    assert not opened.answers("ana")
    assert not opened.world.has_form("bo")


async def test_a_button_opens_a_form_about_what_was_clicked(here: Place) -> None:
    await here.world.presses("bo", with_button(here, "m7"), TRIAL)

    async with here.answered("bo"):
        assert (await here.world.fills("bo", title="Hello")).ok
    assert here.answers("bo")[-1].text.endswith("; m7")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("no", "There is nothing to fill in here."),
        ("words", "No form is needed: all is well."),
        ("bug", "Something went wrong on my side, and it is in the log. Please try again. (ref"),
        ("large", "Something went wrong on my side, and it is in the log. Please try again. (ref"),
    ],
)
async def test_where_there_is_no_form_the_person_is_told_why(here: Place, word: str, said: str) -> None:
    assert (await here.asks("ana", f"/meet trial {word}")).text.startswith(said)

    assert not here.world.has_form("ana")


Break = Callable[[Place], None]
FAULTS: dict[str, tuple[Break, str]] = {
    "is busy": (lambda here: here.world.stage.slack.faults.ratelimit("views.open"), "Slack asks me to slow down"),
    "fails": (lambda here: here.world.stage.slack.faults.server_error("views.open"), "Slack did not open the form"),
    "hangs up": (lambda here: here.world.stage.slack.faults.drop_before("views.open"), "Slack did not open the form"),
    "refuses": (lambda here: here.world.stage.slack.faults.error("views.open", "invalid_arguments"), "Slack did not"),
    "is late": (
        lambda here: here.world.stage.slack.faults.error("views.open", "expired_trigger_id"),
        "The form did not open in time",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_whoever_gets_no_form_because_slack_fails_is_told(here: Place, fault: str) -> None:
    breaks, said = FAULTS[fault]
    breaks(here)

    told = await here.asks("ana", "/meet trial")

    assert told.text.startswith(said)
    assert "(ref " in told.text
    async with Redis.from_url(here.world.redis_url) as redis:
        await redis.delete(ban_key("views.open"), slow_key("views.open"))


@pytest.mark.soak
async def test_a_slow_slack_keeps_nobody_waiting(here: Place) -> None:
    slack = here.world.stage.slack
    slack.faults.delay("views.open", 8)
    patience, slack.ack_seconds = slack.ack_seconds, 7.0  # a busy machine may take its time, but less than Slack here

    async with here.answered("ana"):
        await here.world.says("ana", here.id, "/meet trial")

    slack.ack_seconds = patience
    assert here.answers("ana")[-1].text.startswith("The form did not open in time. If you do not see it")


async def test_a_click_that_is_delivered_twice_opens_one_form(here: Place) -> None:
    deliver = click(here)
    before = len(here.world.stage.slack.views.opened)

    acks = await asyncio.gather(deliver(), deliver())
    later = await deliver()

    assert [ack.ok for ack in (*acks, later)] == [True, True, True]
    assert len(here.world.stage.slack.views.opened) == before + 1
    await here.world.settles()
    assert not here.answers("ana")


async def test_a_click_that_is_replayed_once_its_trigger_is_dead_says_nothing(here: Place) -> None:
    deliver = click(here)
    await deliver()
    here.world.stage.slack.faults.error("views.open", "expired_trigger_id")

    assert (await deliver()).ok

    assert (await here.asks("ana", "/meet trial words")).text  # which was written down later, and is answered
    assert len(here.answers("ana")) == 1


def click(here: Place) -> Callable[[], Awaitable[object]]:
    """Press the button; gives what delivers that same click."""
    slack, message = here.world.stage.slack, with_button(here)
    channel, ana = slack.workspace.channel(here.id), slack.workspace.user("ana")
    url = slack.response_urls.make(channel.id, ana.id, source=message.ts)
    action = action_of(*find_element(message.blocks, TRIAL, None, None), None)
    payload = block_actions(slack.workspace, channel, ana, message, action, url, slack.triggers.make(ana.id))
    return lambda: slack.delivery.interaction(payload)


# ------------------------------------------------------------ filling in


async def test_a_form_that_is_filled_in_closes_and_is_answered_where_it_was_opened(opened: Place) -> None:
    async with opened.answered("ana"):
        assert (await opened.world.fills("ana", title="Hello")).ok

    assert not opened.world.has_form("ana")
    assert opened.answers("ana")[-1].text == f"Hello; {DEFAULTS}"


async def test_every_kind_of_answer_arrives(opened: Place) -> None:
    answers = {"notes": " two\nlines ", "minutes": "45", "colour": "blue", "shade": "red"}
    async with opened.answered("ana"):
        await opened.world.fills(
            "ana", title="Hello", extras=["green", "blue"], host="UBO", guests=["UCY", "UDI"], **answers
        )

    said = "Hello; two\nlines; 45; blue; red; ('green', 'blue'); UBO; ('UCY', 'UDI'); nothing"
    assert opened.answers("ana")[-1].text == said


async def test_a_mistake_is_shown_at_its_question_and_can_be_mended(opened: Place) -> None:
    before = len(received)
    assert (await opened.world.fills("ana", title="taken")).ok

    assert opened.world.mistakes("ana") == {"title": NOT_THIS}
    assert len(received) == before

    async with opened.answered("ana"):
        await opened.world.fills("ana", title="Another")
    assert not opened.world.has_form("ana")
    assert opened.answers("ana")[-1].text == f"Another; {DEFAULTS}"


async def test_what_is_wrong_with_no_question_in_particular_is_shown_at_the_first(opened: Place) -> None:
    await opened.world.fills("ana", title="elsewhere")

    assert opened.world.mistakes("ana") == {"title": "This is wrong as a whole. See /meet help."}


async def test_what_was_typed_is_not_lost_by_a_mistake_of_ours(opened: Place, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL, "bot.slack.errors"):
        await opened.world.fills("ana", title="bug")

    said = opened.world.mistakes("ana")["title"]
    assert said.startswith("Something went wrong on my side, and it is in the log. Please try again. (ref")


async def test_a_trouble_that_shows_later_is_told_in_the_channel(opened: Place) -> None:
    async with opened.answered("ana"):
        await opened.world.fills("ana", title="gone")

    assert opened.answers("ana")[-1].text == "That meeting is gone."


async def test_where_the_bot_may_not_whisper_it_answers_directly(shared: Bench) -> None:
    here = place(shared, "im", ("UANA", "UBO"))
    await shared.says("ana", here.id, "/meet trial")
    before = len(shared.direct("ana"))

    await shared.fills("ana", title="Hello")

    await shared.until(lambda: len(shared.direct("ana")) > before)
    assert shared.direct("ana")[-1].text == f"Hello; {DEFAULTS}"


async def test_slack_itself_asks_for_what_is_required(opened: Place) -> None:
    ack = await opened.world.fills("ana", title=" ", minutes="91")

    assert ack.body == NOT_SENT
    assert opened.world.mistakes("ana") == {
        "title": "Please complete this required field.",
        "minutes": "Please enter a number of at most 90.",
    }


async def test_a_form_whose_acknowledgement_was_lost_is_carried_out_once_however_often_it_is_sent(
    opened: Place,
) -> None:
    slack = opened.world.stage.slack
    view, ana = opened.world.form("ana"), slack.workspace.user("ana")
    before = len(received)
    async with opened.answered("ana"):
        await opened.world.fills("ana", title="Only once")

    for _ in range(2):  # each with a trigger of its own, as when the person presses again
        assert (await slack.delivery.interaction(slack.forms.submission(ana, view), answerable=True)).ok

    await opened.asks("ana", "/meet trial words")
    assert len(received) == before + 1


async def test_a_form_that_nobody_knows_any_more_stays_open_and_says_so(opened: Place) -> None:
    opened.world.form("ana").content["callback_id"] = "from_yesterday"

    await opened.world.fills("ana", title="Hello")

    said = "This form is from another version of Greenroom. Please close it and open it again."
    assert opened.world.mistakes("ana") == {"title": said}


async def test_a_form_goes_by_its_name_in_the_log_and_in_what_is_counted(
    opened: Place, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "bot.slack"):
        async with opened.answered("ana"):
            await opened.world.fills("ana", title="taken")
            await opened.world.fills("ana", title="A secret title")
        await opened.world.until(lambda: "trial: done" in caplog.messages)

    assert "a form was given back to be mended" in caplog.messages
    assert "a form was written down" in caplog.messages
    assert "secret" not in caplog.text
