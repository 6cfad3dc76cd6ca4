"""The form of a recording: it can be drawn, whatever was filled in is read, and what was chosen is what is read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import ChannelId
from bot.domain.options import NO_STORAGE, RecordingOptions, Watermark, mistakes, would_be_lost
from bot.views.filled import questions
from bot.views.recording_answers import QUESTION_OF, READERS, check_recording, read_recording
from bot.views.recording_form import OFF, ON, SOUNDS, USUAL, Offered, recording_form
from playground.slack_view_rules import taken_view
from tests.support.stories import MEETING, choices, nasty

HERE = ChannelId("CGENERAL")
STORAGES = {"archive": "S3", "legal": "SFTP"}
offers = st.builds(
    Offered,
    storages=st.sampled_from([{}, STORAGES]),
    storage=st.none(),
    bucket=st.none() | st.booleans(),
)


def view(**answers: dict[str, Any]) -> dict[str, Any]:
    """Give a view as Slack sends it back, with these elements by question."""
    return {"state": {"values": {name: {name: element} for name, element in answers.items()}}}


def typed(words: str) -> dict[str, Any]:
    return {"value": words}


def chosen(value: str) -> dict[str, Any]:
    return {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}


@given(offers)
def test_the_form_is_one_that_slack_takes(offered: Offered) -> None:
    form = recording_form(MEETING, offered, HERE).view()

    taken_view(form)
    asked = set(questions(form))
    assert asked - {"corner"} <= READERS.keys()
    assert {QUESTION_OF.get(name, name) for name in QUESTION_OF} <= asked
    assert ("storage" in asked) is bool(offered.storages)


def test_what_the_deployment_does_by_itself_stands_there_at_first() -> None:
    def first(offered: Offered) -> list[str | None]:
        blocks = {block["block_id"]: block for block in recording_form(MEETING, offered, HERE).blocks}
        found = [blocks[name]["element"]["initial_option"] for name in ("storage", "bucket")]
        return [option["value"] for option in found]

    assert first(Offered(STORAGES)) == [NO_STORAGE, USUAL]
    assert first(Offered(STORAGES, "archive", bucket=False)) == ["archive", OFF]
    assert first(Offered(STORAGES, "legal", bucket=True)) == ["legal", ON]


@st.composite
def filled(draw: st.DrawFn) -> tuple[RecordingOptions, dict[str, Any]]:
    """Draw options that the form can ask for, and the form filled in so."""
    options = draw(choices).model_copy(update={"storage_kind": None})
    sound = draw(st.sampled_from(list(SOUNDS)))
    options = options.model_copy(update=SOUNDS[sound][1].model_dump(include={"audio_only", "audio_file"}))
    if options.width is None or options.height is None:
        options = options.model_copy(update={"width": None, "height": None})
    mark = options.watermark
    if mark and (mark.width is None or mark.height is None):
        options = options.model_copy(update={"watermark": Watermark(url=mark.url, position=mark.position)})
    return options, view(sound=chosen(sound), **dict(answers(options)))


def answers(options: RecordingOptions) -> list[tuple[str, dict[str, Any]]]:
    mark = options.watermark
    words = {
        "size": f"{options.width} x {options.height}" if options.width else "",
        "max": f"{options.max_seconds}s" if options.max_seconds else "",
        "prefix": options.prefix or "",
        "watermark": mark.url if mark else "",
        "mark_size": f"{mark.width}x{mark.height}" if mark and mark.width else "",
    }
    picked = {
        "codec": options.codec,
        "corner": mark.position if mark else None,
        "storage": options.storage,
        "bucket": {True: ON, False: OFF, None: USUAL}[options.bucket],
    }
    return [(name, typed(said)) for name, said in words.items()] + [
        (name, chosen(value)) for name, value in picked.items() if value
    ]


@given(filled())
def test_what_was_filled_in_is_what_is_read(case: tuple[RecordingOptions, dict[str, Any]]) -> None:
    options, form = case

    assert read_recording(form).options == options
    assert bool(check_recording(form)) is bool(mistakes(options) or would_be_lost(options))


objects = st.dictionaries(st.text(max_size=5), nasty)
rubbish = st.one_of(st.none(), st.integers(), nasty, st.lists(nasty, max_size=2), objects)
elements = st.dictionaries(st.sampled_from(["value", "selected_option", "type"]), rubbish)


@given(st.dictionaries(st.sampled_from([*READERS, "corner"]), elements | rubbish, max_size=6), rubbish)
def test_whatever_comes_back_is_answered_in_words(state: dict[str, Any], other: object) -> None:
    for form in (view(**state), {"state": other}, {"state": {"values": other}}, {}):
        said = check_recording(form)  # type: ignore[arg-type] - nobody vouches for what is sent

        assert all(words and "`" not in words for words in said.values())


@pytest.mark.parametrize(("question", "value"), [("codec", "AV1"), ("sound", "loud"), ("bucket", "perhaps")])
def test_a_choice_that_the_form_does_not_have_is_none(question: str, value: str) -> None:
    found = read_recording(view(**{question: chosen(value)}))

    assert found.options == RecordingOptions()
