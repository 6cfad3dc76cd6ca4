"""What is sealed can be read with the same key only."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BotError
from bot.seal import Seal, SealBroken

SEAL = Seal("signing secret")
LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


@given(st.binary(max_size=500))
def test_what_was_sealed_opens_unchanged(data: bytes) -> None:
    assert SEAL.open(SEAL.seal(data)) == data


def test_a_replica_with_the_same_secret_opens_it() -> None:
    assert Seal("signing secret").open(SEAL.seal(b"wish")) == b"wish"


def test_another_secret_does_not_open_it() -> None:
    with pytest.raises(SealBroken):
        Seal("another secret").open(SEAL.seal(b"wish"))


def test_the_same_bytes_never_look_the_same() -> None:
    assert SEAL.seal(b"wish") != SEAL.seal(b"wish")


def test_the_text_shows_nothing_of_the_bytes_and_fits_in_a_url() -> None:
    text = SEAL.seal(b"https://hooks.slack.com/actions/T/1/abc")

    assert "hooks" not in text
    assert text.removeprefix("s1.").replace("-", "").replace("_", "").rstrip("=").isalnum()


@pytest.mark.parametrize("text", ["", "plain", "s1.", "s1.AAAA", "s1.!!!", "s2.AAAA", "s1.é", "s1.A"])
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(SealBroken):
        SEAL.open(text)


@given(st.integers(0, len(SEAL.seal(b"a wish of some length")) - 1), st.integers(1, 63))
def test_one_changed_character_breaks_the_seal(place: int, shift: int) -> None:
    text = SEAL.seal(b"a wish of some length")
    other = LETTERS[(LETTERS.find(text[place]) + shift) % len(LETTERS)]

    with pytest.raises(SealBroken):
        SEAL.open(text[:place] + other + text[place + 1 :])


def test_another_spelling_of_the_same_bytes_does_not_open() -> None:
    text = SEAL.seal(b"four").rstrip("=")  # 32 bytes, so the last letter has bits to spare
    spelling = text[:-1] + LETTERS[LETTERS.index(text[-1]) ^ 1] + "="

    with pytest.raises(SealBroken):
        SEAL.open(spelling)


def test_a_broken_seal_is_an_error_of_the_bot_and_names_no_secret() -> None:
    with pytest.raises(BotError) as caught:
        Seal("another secret").open(SEAL.seal(b"wish"))

    assert "secret" not in str(caught.value)
    assert "wish" not in str(caught.value)


def test_no_key_is_made_of_nothing() -> None:
    with pytest.raises(ValueError, match="key material"):
        Seal("")


def test_a_name_is_always_the_same_and_tells_nothing_without_the_key() -> None:
    seal = Seal("material")

    assert seal.name("wish 1") == Seal("material").name("wish 1")
    assert len({seal.name("wish 1"), seal.name("wish 2"), Seal("other").name("wish 1")}) == 3
    assert len(seal.name("")) == 24
