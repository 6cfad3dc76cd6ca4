"""The pictures of the documents: each is there, says in words what it shows, and is small enough to be looked at."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHOWN = re.compile(
    r'!\[(?P<alt>[^]]*)]\((?P<file>[^)]*)\)|<img src="(?P<source>[^"]*)" width="\d+" alt="(?P<words>[^"]*)">'
)
"""A picture in Markdown, or in HTML where it has a width."""
LARGEST = 65_000


def pictures(page: Path) -> dict[Path, str]:
    """Give a page's pictures, with the words that stand for them."""
    found = SHOWN.finditer(page.read_text("utf-8"))
    return {page.parent / (one["file"] or one["source"]): one["alt"] or one["words"] or "" for one in found}


@pytest.mark.parametrize("page", ["README.md", "docs/what-the-team-sees.md"])
def test_every_picture_is_there_and_has_words_for_whoever_cannot_see_it(page: str) -> None:
    shown = pictures(ROOT / page)

    assert shown
    assert [str(file) for file in shown if not file.is_file()] == []
    assert [str(file) for file, words in shown.items() if len(words.split()) < 3] == []


def test_every_state_that_is_kept_as_a_picture_is_shown_and_small() -> None:
    kept = set((ROOT / "docs/pictures/states").glob("*.png"))

    assert kept == set(pictures(ROOT / "docs/what-the-team-sees.md"))
    assert [file.name for file in kept if file.stat().st_size > LARGEST] == []
