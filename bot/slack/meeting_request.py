"""What ``/meet`` was asked for: a title, people and options, however a keyboard spelt them."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.domain.options import RecordingOptions
from bot.slack import recording_options as recording
from bot.slack.taken_options import Known, Taken, take_options
from bot.slack.text import EVERYBODY, MENTION, TEAM, UNTITLED, clean_title

RECORD, REGION = "record", "region"
EMPTY = RecordingOptions()


@dataclass(frozen=True, slots=True)
class Request:
    """What ``/meet`` was asked for.

    Args:
        title: what the meeting is called.
        invited: people to be told directly.
        teams: groups whose people are to be told.
        everybody: whether everyone in the channel is to be told.
        record: whether to record from the start.
        region: where the provider should hold it.
        options: how to record.
        wrong: what cannot be done, a sentence each.

    """

    title: str
    invited: tuple[UserId, ...] = ()
    teams: tuple[str, ...] = ()
    everybody: bool = False
    record: bool = False
    region: str | None = None
    options: RecordingOptions = EMPTY
    wrong: tuple[str, ...] = ()


def read_request(text: str, *, regions: Collection[str]) -> Request:
    """Read what ``/meet`` was asked for; mistakes are told with it, so that all can be answered at once.

    Args:
        text: as Slack sent it, with mentions escaped.
        regions: those that the provider offers; none where it has no choice.

    """
    valued = {REGION: next(iter(regions), "NAME"), **recording.VALUED}
    taken = take_options(text, Known((RECORD, *recording.FLAGS), valued, recording.MORE))
    region = _region(taken, regions)
    typed = recording.understood(taken)
    left = " ".join(taken.rest)
    return Request(
        title=clean_title(_without_people(left)) or UNTITLED,
        invited=tuple(dict.fromkeys(UserId(user) for user in MENTION.findall(left))),
        teams=tuple(dict.fromkeys(TEAM.findall(left))),
        everybody=bool(EVERYBODY.search(left)),
        record=RECORD in taken.values,
        region=region,
        options=typed.options,
        wrong=(*typed.wrong, *_without_record(taken)),
    )


def _without_people(text: str) -> str:
    for kind in (MENTION, TEAM, EVERYBODY):
        text = kind.sub(" ", text)
    return text


def _region(taken: Taken, regions: Collection[str]) -> str | None:
    """Give the region that was asked for; what is wrong with it is noted."""
    (asked,) = taken.values.get(REGION) or (None,)
    mine = [said for said in taken.wrong if said.startswith(f"`--{REGION}`")]
    if not regions and (asked or mine):
        taken.wrong[:] = [said for said in taken.wrong if said not in mine]
        taken.wrong.append(f"This video service chooses the region by itself, so leave out `--{REGION}`")
        return None
    if asked is None or asked.lower() in regions:
        return asked and asked.lower()
    taken.wrong.append(f"`--{REGION}` takes one of {', '.join(f'`{offered}`' for offered in regions)}")
    return None


def _without_record(taken: Taken) -> list[str]:
    """Say that options of a recording alone record nothing."""
    named = [f"`--{name}`" for name in taken.values if name in recording.KNOWN.names]
    if not named or RECORD in taken.values:
        return []
    return [f"{', '.join(named)} {'says' if len(named) == 1 else 'say'} how to record: add `--record`"]
