"""Forms by the page's JSON API."""

from tests.playground.web_bench import Bench, bench_fixture, modal, question  # noqa: F401 - a fixture

TITLE = question("title", "Title", "plain_text_input")


async def test_a_form_is_seen_by_the_person_it_was_opened_for_and_keeps_the_bots_notes_to_itself(bench: Bench) -> None:
    view_id = await bench.opens(modal(TITLE, private_metadata="not for the page"))

    form = (await bench.state("ana"))["form"]

    assert form["id"] == view_id
    assert (form["title"], form["submit"], form["close"]) == ("Try a form", "Send answers", "Cancel")
    assert form["blocks"] == [TITLE]
    assert "not for the page" not in str(form)
    assert (await bench.state("bo"))["form"] is None


async def test_a_form_is_submitted_and_gone(bench: Bench) -> None:
    view_id = await bench.opens(modal(TITLE))

    status, answer = await bench.does("submit", user="UANA", view_id=view_id, values={"title": "Hello"})

    assert (status, answer["ok"], answer["form"]) == (200, True, None)
    assert bench.bot.payload["view"]["state"]["values"]["title"]["title"]["value"] == "Hello"
    assert (await bench.state("ana"))["form"] is None


async def test_what_is_to_be_mended_comes_back_with_the_form(bench: Bench) -> None:
    view_id = await bench.opens(modal(TITLE))

    status, answer = await bench.does("submit", user="UANA", view_id=view_id, values={})

    assert (status, answer["ok"]) == (200, False)
    assert answer["form"]["errors"] == {"title": "Please complete this required field."}
    assert (await bench.state("ana"))["form"] == answer["form"]


async def test_a_form_is_closed(bench: Bench) -> None:
    view_id = await bench.opens(modal(TITLE))

    assert await bench.does("dismiss", user="UANA", view_id=view_id) == (200, {"ok": True})

    assert (await bench.state("ana"))["form"] is None


async def test_a_form_that_is_not_there_is_refused_in_words(bench: Bench) -> None:
    view_id = await bench.opens(modal(TITLE))

    for wish in ({"user": "UBO", "view_id": view_id}, {"user": "UANA", "view_id": "VNONE"}):
        for what, more in (("submit", {"values": {}}), ("dismiss", {})):
            status, answer = await bench.does(what, **wish, **more)
            assert (status, answer["error"]) == (404, "That form is no longer open.")

    status, answer = await bench.does("submit", user="UANA", view_id=view_id, values={"notes": "x"})
    assert (status, answer["error"]) == (400, f"{view_id} asks only for title.")
