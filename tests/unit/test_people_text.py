"""What is typed after the words that are about people."""

from datetime import timedelta

import pytest

from bot.errors import UserError
from bot.slack.people_text import names_alone, pass_life, reads_as_title


@pytest.mark.parametrize("text", ["<@UBO>", "<@UBO|bo> <@UCY>", "<@UBO>, <@UCY>"])
def test_names_alone_are_told_from_titles(text: str) -> None:
    assert names_alone(text)
    assert not names_alone(f"dark mode with {text}")


@pytest.mark.parametrize("text", ["", "bo", "training"])
def test_what_names_nobody_is_a_title(text: str) -> None:
    assert not names_alone(text)


@pytest.mark.parametrize(
    ("text", "left", "life"),
    [
        ("Jane Doe", "Jane Doe", None),
        ("Jane Doe --for 90m", "Jane Doe", timedelta(minutes=90)),
        ("—for=2H Jane", "Jane", timedelta(hours=2)),
        ("Jane --for 3d Doe", "Jane Doe", timedelta(days=3)),
        ("Jane for 3d", "Jane for 3d", None),
    ],
)
def test_a_length_of_time_is_read_and_taken_out(text: str, left: str, life: timedelta | None) -> None:
    rest, found = pass_life(text)

    assert (" ".join(rest.split()), found) == (left, life)


@pytest.mark.parametrize("text", ["Jane --for", "Jane --for ever", "Jane --for 2w", "Jane --for 999999h"])
def test_a_length_that_is_none_is_explained(text: str) -> None:
    with pytest.raises(UserError, match="as in `--for 90m`"):
        pass_life(text)


@pytest.mark.parametrize(
    "text", ["lecture", "“lecture on light”", "speaker: Ada Byron", "Lecture --record", "Talk —max 2h"]
)
def test_what_begins_small_or_has_options_rather_goes_on_with_a_title(text: str) -> None:
    assert reads_as_title(text)


@pytest.mark.parametrize(
    "text", ["Jane Doe", "Jane van Doe", "jane --for 2h", "Jane --for ever", "山田", "3M team", "<@UBO>", ""]
)
def test_what_begins_in_capitals_or_says_for_how_long_is_a_name(text: str) -> None:
    assert not reads_as_title(text)
