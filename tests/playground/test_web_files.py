"""The line that tells of changes, and the files of the page."""

from contextlib import AsyncExitStack

import pytest

from playground.web import Web
from tests.playground.web_bench import Bench, bench_fixture, serve  # noqa: F401 - a fixture


async def test_every_change_is_told_on_the_line(bench: Bench) -> None:
    room = await bench.room()

    async with bench.http.get(f"{bench.url}/playground/changes") as line:
        told = [await line.content.readuntil(b"\n\n")]
        for what in ("slack", "provider", "panel"):
            if what == "slack":
                bench.slack.workspace.post("CGENERAL", "UBO", "hello")
            elif what == "provider":
                await bench.provider.enter_stranger(room, "Zoe")
            else:
                await bench.does("slack/faults", trouble="none")
            told.append(await line.content.readuntil(b"\n\n"))

    assert line.content_type == "text/event-stream"
    assert len(set(told)) == 4
    assert all(each.startswith(b"data: ") for each in told)
    assert told[-1] == f"data: {(await bench.state())['version']}\n\n".encode()


async def test_changes_at_once_are_told_as_one(bench: Bench) -> None:
    async with bench.http.get(f"{bench.url}/playground/changes") as line:
        await line.content.readuntil(b"\n\n")
        for _ in range(20):
            bench.slack.workspace.post("CGENERAL", "UBO", "hello")
        told = await line.content.readuntil(b"\n\n")

        assert told == f"data: {(await bench.state())['version']}\n\n".encode()


async def test_the_line_ends_with_the_playground(bench: Bench) -> None:
    page = Web(bench.slack, bench.provider, commands=[])
    async with AsyncExitStack() as stack:
        url = await serve(stack, page.routes())
        async with bench.http.get(f"{url}/playground/changes") as line:
            await line.content.readuntil(b"\n\n")
            await page.close()

            assert await line.content.read() == b""


async def test_the_page_runs_only_its_own_scripts(bench: Bench) -> None:
    async with bench.http.get(f"{bench.url}/") as page:
        text = await page.text()

    assert page.content_type == "text/html"
    assert "default-src 'self'; img-src 'self' data:" in page.headers["Content-Security-Policy"]
    assert "<script>" not in text
    assert "style=" not in text


@pytest.mark.parametrize(
    ("name", "kind"), [("app.js", "text/javascript"), ("style.css", "text/css"), ("mark.svg", "image/svg+xml")]
)
async def test_the_pages_parts_say_what_they_are(bench: Bench, name: str, kind: str) -> None:
    async with bench.http.get(f"{bench.url}/playground/page/{name}") as part:
        assert (part.status, part.content_type) == (200, kind)
        assert part.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["nothing.js", "index.html", "../web.py", "%2e%2e/web.py", "app.py"])
async def test_nothing_but_the_pages_parts_is_served(bench: Bench, name: str) -> None:
    async with bench.http.get(f"{bench.url}/playground/page/{name}") as answer:
        assert answer.status == 404
