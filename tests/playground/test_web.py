"""The page's API over real HTTP: what each person sees, and what they can do."""

import pytest

from tests.playground.web_bench import JOIN, MEET, OPEN, Bench, bench_fixture, row  # noqa: F401 - a fixture


async def test_a_person_sees_only_the_channels_that_are_theirs(bench: Bench) -> None:
    bench.slack.workspace.post("CLEADS", "UANA", "a secret")

    ana, cy = await bench.state("ana"), await bench.state("cy")

    assert {"CGENERAL", "CLEADS", "DANABO", "DANA"} <= set(ana["messages"])
    assert ana["messages"]["CLEADS"][0]["text"] == "a secret"
    assert {"CLEADS", "DANABO", "DANA"}.isdisjoint(cy["messages"])
    assert {"CLEADS", "DANABO", "DANA"}.isdisjoint(channel["id"] for channel in cy["channels"])


async def test_a_private_answer_is_seen_by_one_person(bench: Bench) -> None:
    bench.slack.workspace.post("CGENERAL", "UGREENROOM", "only for Bo", ephemeral_for="UBO")

    ana, bo = await bench.state("ana"), await bench.state("bo")

    assert (ana["private"], ana["messages"]["CGENERAL"]) == ([], [])
    assert [message["text"] for message in bo["private"]] == ["only for Bo"]


async def test_replies_say_their_thread_and_whether_the_channel_sees_them(bench: Bench) -> None:
    workspace = bench.slack.workspace
    root = workspace.post("CGENERAL", "UGREENROOM", "card")
    workspace.post("CGENERAL", "UGREENROOM", "ready", thread_ts=root.ts, broadcast=True)

    first, reply = (await bench.state())["messages"]["CGENERAL"]

    assert "thread_ts" not in first
    assert (reply["thread_ts"], reply["broadcast"]) == (root.ts, True)


@pytest.mark.parametrize(("who", "expected"), [("bo", "UBO"), ("UBO", "UBO"), ("", "UANA"), ("nobody", "UANA")])
async def test_a_window_is_the_person_it_names_or_the_first(bench: Bench, who: str, expected: str) -> None:
    assert (await bench.state(who))["me"] == expected


async def test_the_app_is_nobody_to_be(bench: Bench) -> None:
    assert (await bench.state("greenroom"))["me"] == "UANA"


async def test_news_in_a_direct_message_is_told_to_every_window(bench: Bench) -> None:
    invitation = bench.slack.workspace.post("DBO", "UGREENROOM", "Ana asks you to join")

    people = {person["name"]: person for person in (await bench.state("ana"))["people"]}

    assert people["bo"]["direct"] == {"DBO": invitation.ts}
    assert people["ana"]["direct"] == {}


async def test_what_was_there_before_the_page_is_not_news(bench: Bench) -> None:
    later = bench.slack.workspace.post("CGENERAL", "UBO", "hello")

    assert (await bench.state())["since"] < later.ts


async def test_the_commands_are_those_of_the_app_and_slacks_invite(bench: Bench) -> None:
    commands = (await bench.state())["commands"]

    assert commands[0] == MEET
    assert [command["command"] for command in commands] == ["/meet", "/invite"]


async def test_a_command_reaches_the_bot_as_slack_sends_it(bench: Bench) -> None:
    status, ack = await bench.does("command", user="UANA", channel="CGENERAL", text="/meet Weekly sync @bo")

    assert (status, ack["ok"], ack["status"]) == (200, True, 200)
    assert bench.bot.taken[0]["command"] == "/meet"
    assert bench.bot.taken[0]["text"] == "Weekly sync <@UBO|bo>"


async def test_a_bot_that_fails_is_said_to_have_failed(bench: Bench) -> None:
    bench.bot.status = 500

    status, ack = await bench.does("command", user="UANA", channel="CGENERAL", text="/meet")

    assert (status, ack["ok"], ack["status"]) == (200, False, 500)


async def test_a_click_reaches_the_bot(bench: Bench) -> None:
    card = bench.slack.workspace.post("CGENERAL", "UGREENROOM", "card", blocks=row(JOIN, OPEN))
    click = {"user": "UBO", "channel": "CGENERAL", "ts": card.ts, "block_id": "row"}

    _, plain = await bench.does("click", **click, action_id="join", value="m1")
    _, link = await bench.does("click", **click, action_id="open")

    assert (plain["ok"], plain["url"]) == (True, None)
    assert (link["ok"], link["url"]) == (True, "https://example.com/room")
    assert '"action_id": "join"' in bench.bot.taken[0]["payload"]


async def test_a_click_on_a_screen_that_is_behind_still_counts(bench: Bench) -> None:
    workspace = bench.slack.workspace
    card = workspace.post("CGENERAL", "UGREENROOM", "card", blocks=row(JOIN))
    workspace.edit("CGENERAL", card.ts, blocks=())

    status, ack = await bench.does("click", user="UBO", channel="CGENERAL", ts=card.ts, action_id="join")

    assert (status, ack["ok"]) == (200, True)


async def test_a_button_that_never_was_cannot_be_pressed(bench: Bench) -> None:
    status, answer = await bench.does("click", user="UBO", channel="CGENERAL", ts="1.0", action_id="join")

    assert (status, answer["ok"]) == (404, False)
    assert bench.bot.taken == []


async def test_someone_elses_private_answer_cannot_be_pressed(bench: Bench) -> None:
    answer = bench.slack.workspace.post("CGENERAL", "UGREENROOM", "x", blocks=row(JOIN), ephemeral_for="UANA")

    status, _ = await bench.does("click", user="UBO", channel="CGENERAL", ts=answer.ts, action_id="join")

    assert status == 404


async def test_a_message_is_escaped_and_stands_in_its_thread(bench: Bench) -> None:
    _, root = await bench.does("message", user="UANA", channel="CGENERAL", text="<b> & @bo")
    await bench.does("message", user="UBO", channel="CGENERAL", text="yes", thread_ts=root["ts"])

    first, reply = (await bench.state())["messages"]["CGENERAL"]

    assert first["text"] == "&lt;b&gt; &amp; <@UBO|bo>"
    assert (reply["user"], reply["thread_ts"]) == ("UBO", root["ts"])


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"user": "UCY", "channel": "CLEADS", "text": "hi"}, 403),
        ({"user": "UNOBODY", "channel": "CGENERAL", "text": "hi"}, 404),
        ({"user": "UGREENROOM", "channel": "CGENERAL", "text": "hi"}, 404),
        ({"user": "UANA", "channel": "CNOWHERE", "text": "hi"}, 404),
        ({"user": "UANA", "channel": "CGENERAL", "text": "hi", "thread_ts": "1.0"}, 404),
        ({"user": "UANA", "channel": "CGENERAL", "text": ""}, 400),
        ({"user": "UANA", "channel": "CGENERAL"}, 400),
        ({"user": "UANA", "channel": "CGENERAL", "text": "hi", "colour": "red"}, 400),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(bench: Bench, wish: dict[str, str], expected: int) -> None:
    status, answer = await bench.does("message", **wish)

    assert status == expected
    assert answer["error"]


async def test_an_archived_channel_takes_no_message(bench: Bench) -> None:
    bench.slack.workspace.archive("CGENERAL")

    status, _ = await bench.does("message", user="UANA", channel="CGENERAL", text="hi")

    assert status == 409


async def test_a_form_of_another_site_is_refused(bench: Bench) -> None:
    wish = '{"user": "UANA", "channel": "CGENERAL", "text": "hi"}'
    headers = {"Content-Type": "text/plain"}

    async with bench.http.post(f"{bench.url}/playground/message", data=wish, headers=headers) as answer:
        assert answer.status == 415
    assert (await bench.state())["messages"]["CGENERAL"] == []


async def test_broken_json_is_refused(bench: Bench) -> None:
    headers = {"Content-Type": "application/json"}

    async with bench.http.post(f"{bench.url}/playground/click", data=b"{", headers=headers) as answer:
        assert answer.status == 400
