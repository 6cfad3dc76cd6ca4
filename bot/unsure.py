"""What a webhook leaves open, so that the provider is asked at once instead of in a while."""

from bot.domain.events import Event, Ignored, RecordingUpdated
from bot.domain.meeting import Meeting
from bot.domain.recording import PAUSED, RECORDING
from bot.exchanged import Delivery
from bot.on_air import is_unclear


def is_unsure(delivery: Delivery, meeting: Meeting) -> bool:
    """Tell whether a delivery leaves open how a recording or a livestream is, so that the provider is asked at once.

    A PAUSED without a time changes nothing by itself where RECORDING was seen at a known time, so this has to be
    asked of a delivery that changed nothing too.
    """
    return any(_runs_or_pauses(event, meeting) or is_unclear(event, meeting) for event in delivery.events)


def _runs_or_pauses(event: Event | Ignored, meeting: Meeting) -> bool:
    return (
        isinstance(event, RecordingUpdated)
        and event.observed_at is None
        and event.status in (RECORDING, PAUSED)
        and meeting.recordings[event.recording_id].is_active
        and meeting.recordings[event.recording_id].status != event.status
    )
