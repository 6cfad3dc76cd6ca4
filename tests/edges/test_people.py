"""Handing a meeting over, asking people in, taking them out, muting: what each sees, and what the service is told."""

import time

import pytest

from playground.jointokens import TokenRefused
from playground.workspace_values import User
from tests.edges.place import Place
from tests.support.bench import button, elements, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")


def someone(here: Place) -> User:
    """Let somebody into the workspace and this channel whom no other test writes to."""
    workspace = here.world.stage.slack.workspace
    number = len(workspace.people)
    user = workspace.add_user(User(f"UNEW{number}", f"new{number}", f"Somebody {number}"))
    workspace.invite(here.id, user.id)
    return user


async def link(here: Place, user: str) -> str:
    return str(button(await here.asks(user, "/meet join"), "open_link")["url"])


# ------------------------------------------------------------ handing over


async def test_the_new_host_is_on_the_card_and_has_the_hosts_preset_from_the_next_join_on(here: Place) -> None:
    card = await here.meeting()
    service = here.world.stage.provider
    await here.world.joins("ana", card)
    await here.world.joins("bo", card)

    answer = await here.asks("ana", "/meet host @bo")

    assert answer.text.startswith("<@UBO> hosts *Weekly sync* now.")
    await here.reply("<@UBO> hosts this meeting since")
    await here.world.until(lambda: "hosted by <@UBO>" in here.cards[-1].text)
    presets = {place.custom_participant_id: place.preset_name for place in service.rooms.participants_of(here.room)}
    assert presets == {"UANA": "group_call_participant", "UBO": "group_call_host"}
    assert (await here.world.joins("bo", card)).preset_name == "group_call_host"
    assert len(service.rooms.participants_of(here.room)) == 2


async def test_only_the_host_hands_over_and_the_old_one_no_more(here: Place) -> None:
    await here.meeting()

    with here.no_calls():
        refused = await here.asks("bo", "/meet host @bo")
    assert "Only the host, <@UANA>, may hand this meeting over" in refused.text
    await here.asks("ana", "/meet host @cy")
    assert "Only the host, <@UCY>, may" in (await here.asks("ana", "/meet host @ana")).text
    assert (await here.asks("cy", "/meet host @ana")).text.startswith("<@UANA> hosts")


async def test_a_workspace_admin_may_hand_over_too(here: Place) -> None:
    workspace = here.world.stage.slack.workspace
    admin = workspace.add_user(User(f"UADMIN{here.id}", f"admin{here.id.lower()}", "An Admin", is_admin=True))
    workspace.invite(here.id, admin.id)
    await here.meeting()

    assert (await here.asks(admin.id, "/meet host @bo")).text.startswith("<@UBO> hosts")


async def test_a_meeting_is_handed_to_one_member(here: Place) -> None:
    workspace = here.world.stage.slack.workspace
    guest = workspace.add_user(User(f"UGUEST{here.id}", f"guest{here.id.lower()}", "A Guest", is_restricted=True))
    await here.meeting()

    for typed, said in (
        (f"@{guest.name}", "is no member of this workspace"),
        ("@greenroom", "is no member of this workspace"),
        ("@ana", "hosts this meeting already"),
        ("@bo @cy", "A meeting has one host"),
        ("", "Name somebody with an @"),
    ):
        assert said in (await here.asks("ana", f"/meet host {typed}")).text
    assert (await here.stored()).hosted_by == "UANA"


async def test_a_title_that_begins_with_such_a_word_is_a_title(here: Place) -> None:
    card = await here.meeting("Add dark mode")

    assert card.text.startswith("Add dark mode: Started by")


@pytest.mark.parametrize("typed", ["remove bo", "Remove @somebody", "add bo", "host bo"])
async def test_somebody_who_is_named_without_slacks_list_is_no_title(here: Place, typed: str) -> None:
    answer = await here.asks("ana", f"/meet {typed}")

    assert f"as in `/meet {typed.split(maxsplit=1)[0].lower()} @bo`" in answer.text
    assert f"`/meet start {typed}`" in answer.text
    assert not here.cards


# ------------------------------------------------------------ in and out


async def test_who_is_added_has_one_message_with_a_way_in_however_often(here: Place) -> None:
    new = someone(here)
    await here.meeting()

    for _ in range(2):
        answer = await here.asks("ana", f"/meet add @{new.name}")
        assert answer.text.startswith(f"Added to *Weekly sync*: <@{new.id}>.")

    await here.world.settles()
    [message] = here.world.direct(new.id)
    assert message.text == f"<@UANA> invites you to *Weekly sync* in <#{here.id}>."
    assert (await here.world.joins(new.id, message)).custom_participant_id == new.id


async def test_a_removed_person_is_out_within_a_second_with_every_link_and_token(here: Place) -> None:
    card = await here.meeting()
    world = here.world
    old = [await link(here, "bo") for _ in range(2)]
    token = await world.token_from(old[0])
    for _ in range(2):
        await world.stage.provider.enter(token)
    await world.joins("cy", card)
    began = time.monotonic()

    answer = await here.asks("ana", "/meet remove @bo")

    assert [peer.custom_participant_id for peer in world.stage.provider.people(here.room)] == ["UCY"]
    assert answer.text.startswith("Taken out of *Weekly sync*: <@UBO>. Their links are dead.")
    with pytest.raises(TokenRefused):
        await world.stage.provider.enter(token)
    for url in old:
        with pytest.raises(AssertionError, match="The host has taken you out of “Weekly sync”"):
            await world.token_from(url)
    assert time.monotonic() - began < 1.0 + 1.0  # the bot's second, and one for this test's own calls on a busy machine
    for refused in (await here.presses("bo", card, "join"), await here.asks("bo", "/meet join")):
        assert refused.text.startswith("The host has taken you out of “Weekly sync”.")
    assert [p.custom_participant_id for p in world.stage.provider.rooms.participants_of(here.room)] == ["UCY"]


async def test_a_service_that_stumbles_over_one_person_still_sends_the_others_out(here: Place) -> None:
    card = await here.meeting()
    world = here.world
    for user in ("bo", "cy", "di"):
        await world.joins(user, card)
    world.stage.provider.faults.fail("kick", 400, times=2)

    answer = await here.asks("ana", "/meet remove @bo @cy @di")

    assert "could not be told to send <@UBO> out. Please do it once more in a minute." in answer.text
    assert [peer.custom_participant_id for peer in world.stage.provider.people(here.room)] == ["UBO"]
    assert world.stage.provider.rooms.participants_of(here.room) == []
    assert (await here.asks("ana", "/meet remove @bo")).text.startswith("Taken out of *Weekly sync*")
    assert world.stage.provider.people(here.room) == []


async def test_who_is_added_back_comes_in_by_a_new_link_and_not_by_the_old_one(here: Place) -> None:
    await here.meeting()
    old = await link(here, "bo")
    await here.world.token_from(old)
    await here.asks("ana", "/meet remove @bo")

    await here.asks("ana", "/meet add @bo")

    with pytest.raises(AssertionError, match="This link has expired"):
        await here.world.token_from(old)
    peer = await here.world.stage.provider.enter(await here.world.token_from(await link(here, "bo")))
    assert peer.custom_participant_id == "UBO"


async def test_the_invitation_of_somebody_who_was_taken_out_loses_its_button(here: Place) -> None:
    new = someone(here)
    await here.meeting(f"Weekly sync @{new.name}")
    await here.world.until(lambda: here.world.direct(new.id))

    await here.asks("ana", f"/meet remove @{new.name}")

    await here.world.until(lambda: "You were taken out of" in here.world.direct(new.id)[0].text)
    assert not elements(here.world.direct(new.id)[0])


async def test_the_host_cannot_be_taken_out_and_others_take_nobody_out(here: Place) -> None:
    await here.meeting()

    with here.no_calls():
        host = await here.asks("ana", "/meet remove @ana")
        other = await here.asks("bo", "/meet remove @cy")

    assert host.text.startswith("<@UANA> hosts this meeting. Hand it over first")
    assert "Only the host, <@UANA>, may" in other.text


async def test_where_the_service_does_not_send_them_out_the_links_are_dead_and_that_is_said(here: Place) -> None:
    await here.meeting()
    url = await link(here, "bo")
    await here.world.token_from(url)
    here.world.stage.provider.faults.unreachable = True

    answer = await here.asks("ana", "/meet remove @bo")

    assert answer.text.startswith("Their links let nobody in any more, but")
    assert "(ref " in answer.text
    with pytest.raises(AssertionError, match="taken you out"):
        await here.world.token_from(url)
    here.world.stage.provider.faults.clear()
    assert (await here.asks("ana", "/meet remove @bo")).text.startswith("Taken out of")
    assert not here.world.stage.provider.rooms.participants_of(here.room)


# ------------------------------------------------------------ muting


async def test_everyone_is_muted_and_the_thread_says_by_whom(here: Place) -> None:
    card = await here.meeting()
    assert "Nobody is in “Weekly sync”" in (await here.asks("ana", "/meet mute")).text
    await here.world.joins("bo", card)
    await here.world.until(lambda: "*Live*" in here.cards[-1].text)

    assert "Only the host, <@UANA>, may" in (await here.asks("bo", "/meet mute")).text
    answer = await here.asks("ana", "/meet mute")

    assert answer.text == "Everyone in *Weekly sync* is muted. They can unmute themselves."
    assert [peer.muted for peer in here.world.stage.provider.people(here.room)] == [True]
    assert here.world.stage.provider.calls_of("mute_all")[-1].request == {"allow_unmute": True}
    await here.reply("Everyone was muted by <@UANA> at")
    assert labels(answer) == []


async def test_after_the_end_none_of_it_can_be_done(here: Place) -> None:
    await here.meeting()
    await here.presses("ana", await here.asks("ana", "/meet end"), "meeting_end")

    with here.no_calls():
        for typed in ("host @bo", "add @bo", "remove @bo", "mute", "guest Jane Doe"):
            assert (await here.asks("ana", f"/meet {typed}")).text == "“Weekly sync” was ended for everyone already."
