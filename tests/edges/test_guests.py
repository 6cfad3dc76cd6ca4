"""Guests without Slack: one link for one person and one meeting, shown once, kept nowhere, dead when it is revoked."""

import logging
import re
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from redis.asyncio import Redis

from bot.domain.ids import UserId
from bot.domain.role_events import GuestInvited
from bot.domain.roles import Guest
from bot.guests import Pass
from bot.keys import code_key
from playground.jointokens import TokenRefused
from playground.workspace_values import Message
from tests.edges.place import Place, place, town
from tests.support.bench import elements, labels
from tests.support.stories import MEETING, at

pytestmark = pytest.mark.asyncio(loop_scope="module")


def url_of(answer: Message) -> str:
    found = re.search(r"`(http://\S+/join/g-\S+)`", answer.text)
    assert found, answer.text
    return found[1]


async def page(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as browser, browser.get(url) as answer:
        return answer.status, await answer.text()


async def jane(here: Place, by: str = "ana") -> str:
    return url_of(await here.asks(by, "/meet guest Jane Doe"))


@pytest.mark.soak
async def test_a_pass_is_shown_to_whoever_made_it_and_to_nobody_else(
    here: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await here.meeting()

    answer = await here.asks("bo", "/meet guest Jane Doe")

    code = url_of(answer).rpartition("/")[2]
    assert answer.ephemeral_for == "UBO"
    assert answer.text.startswith("A pass for Jane Doe to *Weekly sync*, until ")
    await here.world.settles()
    assert not any(code in str(message) for message in here.world.channel(here.id) + here.replies)
    assert code not in caplog.text
    async with Redis.from_url(here.world.redis_url) as redis:
        assert 0 < await redis.ttl(code_key(code)) <= timedelta(hours=24).total_seconds()
        async for key in redis.scan_iter("*"):
            dumped = await redis.dump(key) or b""
            assert code.encode() not in bytes(key) + dumped


async def test_the_guest_sees_their_name_and_comes_in_under_it_as_one_person_on_two_devices(here: Place) -> None:
    await here.meeting()
    url = await jane(here)
    service = here.world.stage.provider

    status, words = await page(url)
    peers = [await service.enter(await here.world.token_from(url)) for _ in range(2)]

    assert status == 200
    assert "You are joining as Jane Doe." in words
    [place_of] = service.rooms.participants_of(here.room)
    assert {peer.participant_id for peer in peers} == {place_of.id}
    assert re.fullmatch(r"guest:[0-9a-f]{16}", place_of.custom_participant_id)
    assert (place_of.name, place_of.preset_name) == ("Jane Doe", "group_call_participant")
    await here.world.until(lambda: "Jane Doe (guest of <@UANA>)" in here.cards[-1].text)
    for peer in peers:
        await service.leave(peer.id)
    attendance = await here.reply("*Who was there*")
    assert attendance.text.count("Jane Doe (guest of <@UANA>)") == 1


async def test_a_revoked_pass_lets_nobody_in_and_sends_its_guest_out(here: Place) -> None:
    await here.meeting()
    url = await jane(here)
    token = await here.world.token_from(url)
    await here.world.stage.provider.enter(token)
    shown = await here.asks("ana", "/meet guests")
    assert "Jane Doe · by <@UANA> · until " in shown.text

    answer = await here.presses("ana", shown, "guest_revoke")

    assert answer.text == "The pass of Jane Doe is revoked: the link lets nobody in any more."
    assert not here.world.stage.provider.people(here.room)
    with pytest.raises(TokenRefused):
        await here.world.stage.provider.enter(token)
    status, words = await page(url)
    assert status == 410
    assert "This link works no more. Ask whoever invited you for a new one." in words
    with pytest.raises(AssertionError):
        await here.world.token_from(url)
    assert "No guest has a pass" in (await here.asks("ana", "/meet guests")).text
    assert (await here.presses("ana", shown, "guest_revoke")).text == answer.text


async def test_the_host_sees_all_passes_and_a_member_their_own(here: Place) -> None:
    await here.meeting()
    await here.asks("bo", "/meet guest Jane Doe")
    await here.asks("ana", "/meet guest <b>John</b> & Co")

    host, bo, cy = [(await here.asks(user, "/meet guests")) for user in ("ana", "bo", "cy")]

    assert "Jane Doe · by <@UBO>" in host.text
    assert "&lt;b&gt;John&lt;/b&gt; &amp; Co · by <@UANA>" in host.text
    assert "John" not in bo.text
    assert "Jane" not in cy.text
    revoked = await here.presses("bo", bo, "guest_revoke")
    assert revoked.text.startswith("The pass of Jane Doe is revoked")


async def test_a_pass_ends_with_the_meeting(here: Place) -> None:
    await here.meeting()
    url = await jane(here)
    await here.presses("ana", await here.asks("ana", "/meet end"), "meeting_end")

    status, words = await page(url)

    assert status == 410
    assert "was ended for everyone" in words


async def test_a_pass_that_was_never_made_or_is_forgotten_says_whom_to_ask(here: Place) -> None:
    status, words = await page(f"{here.world.bot.url}/join/g-nothing")

    assert status == 410
    assert "Ask whoever invited you for a new one." in words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Who is it for?"),
        ("@bo", "Who is in Slack needs no pass"),
        ("Jane --for 1m", "A pass works for 5 minutes to 7 days"),
        ("Jane --for 8d", "A pass works for 5 minutes to 7 days"),
        ("Jane --for ever", "as in `--for 90m`"),
        ("J" * 51, "That name is too long"),
    ],
)
async def test_what_makes_no_pass_is_explained(here: Place, typed: str, said: str) -> None:
    await here.meeting()

    with here.no_calls():
        answer = await here.asks("ana", f"/meet guest {typed}")

    assert said in answer.text


async def test_what_may_be_a_title_as_well_is_asked_about_before_a_pass_is_made(here: Place) -> None:
    await here.meeting()

    with here.no_calls():
        asked = await here.asks("ana", "/meet guest lecture")

    assert asked.text == "Is lecture a guest of *Weekly sync*, or is “guest lecture” a new meeting?"
    assert labels(asked) == ["Make the guest's link", "Start the meeting"]
    made = await here.presses("ana", asked, "guest_make")
    assert made.text.startswith("A pass for lecture to *Weekly sync*")
    beside = await here.presses("ana", asked, "start_another")
    assert labels(beside)[-1] == "Start another anyway"


async def test_where_there_is_no_meeting_a_guest_is_taken_for_a_title_after_a_question(here: Place) -> None:
    for typed in ("lecture --record", "Lecture @bo"):
        asked = await here.asks("ana", f"/meet guest {typed}")

        assert asked.text.startswith("There is no meeting here to which I could let a guest in. Is “guest ")
        assert asked.text.lower().endswith("“guest lecture” to be a new one?")
        assert labels(asked) == ["Start the meeting"]
    assert not here.cards

    await here.world.presses("ana", asked, "start_another")

    await here.card()
    assert (await here.stored()).title == "guest Lecture"


async def test_how_long_a_pass_works_can_be_said(here: Place) -> None:
    await here.meeting()
    url = url_of(await here.asks("ana", "/meet guest Jane Doe --for 2h"))

    async with Redis.from_url(here.world.redis_url) as redis:
        assert 7000 < await redis.ttl(code_key(url.rpartition("/")[2])) <= 7200


async def test_at_the_end_of_a_pass_its_guest_is_sent_out_and_its_link_is_dead(here: Place) -> None:
    """The pass is one that ends in a moment; the shortest that people can make is longer."""
    meeting = (await here.meeting()) and await here.stored()
    services, service = here.world.bot.services, here.world.stage.provider
    jane, now = UserId("guest:soon"), datetime.now(UTC)
    soon = GuestInvited(jane, "Jane Doe", UserId("UANA"), now, now + timedelta(seconds=1.5))
    await services.meetings._happenings.tell(meeting.id, soon)
    url = await services.joining.keep_code("g-soon", meeting.id, jane, timedelta(hours=1))
    token = await here.world.token_from(url)
    await service.enter(token)

    await here.world.until(lambda: not service.people(here.room) and not service.rooms.participants_of(here.room))

    with pytest.raises(TokenRefused):
        await service.enter(token)
    assert (await page(url))[0] == 410
    assert "No guest has a pass" in (await here.asks("ana", "/meet guests")).text


async def test_asking_twice_gives_two_passes_and_each_can_be_revoked_for_itself(here: Place) -> None:
    await here.meeting()
    first, second = await jane(here), await jane(here)
    shown = await here.asks("ana", "/meet guests")

    buttons = [each for each in elements(shown) if each["action_id"] == "guest_revoke"]
    assert len(buttons) == 2
    await here.presses("ana", shown, "guest_revoke", value=buttons[0]["value"])

    assert (await page(first))[0] == 410
    assert (await page(second))[0] == 200


@pytest.mark.asyncio(loop_scope="function")
async def test_without_a_public_address_there_are_no_passes_and_it_says_who_can_change_that(redis_process: str) -> None:
    async with town(redis_process, public=False) as world:
        here = place(world)
        await here.meeting()

        answer = await here.asks("ana", "/meet guest Jane Doe")

    assert "`PUBLIC_URL`" in answer.text


async def test_a_pass_does_not_show_its_link_where_it_is_printed() -> None:
    guest = Guest(by=UserId("UANA"), at=at(0), name="Jane Doe", until=at(60))

    assert "secret" not in repr(Pass(MEETING, guest, "https://secret"))
