"""``/r/{recording}``: one address for everyone of a channel; who may watch is asked now, and the link is fresh."""

from aiohttp import web

from bot.domain.ids import RecordingId
from bot.domain.rules import Act
from bot.domain.shelf import Shelved, is_visible
from bot.door_pages import go_in, kindly, onward
from bot.doorway import Caller, goes_on, looking, pressed
from bot.errors import NoRecording, UserError
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.views import actions

HIDDEN = "This recording is hidden from its channel. Whoever started it, and the meeting's host, can show it again."
AUDIO = "/audio"


def no_recording() -> UserError:
    """Say that there is no such recording."""
    return NoRecording("I do not know that recording. Type `/record list` in its channel to see those that there are.")


def register(routes: Routes) -> None:
    """Answer a recording's own address; the buttons that open it need no answer in Slack."""
    for path in ("/r/{recording}", "/r/{recording}" + AUDIO):
        routes.pages.append(web.get(path, show_door))
        routes.pages.append(web.post(path, watch))
    routes.button(actions.RECORD_DOOR, open_door)
    routes.button(actions.RECORD_AUDIO_DOOR, open_audio_door)


async def open_door(answer: Respond) -> None:
    """Do nothing: Slack sends a payload for a button that opens a page too."""
    del answer


async def open_audio_door(answer: Respond) -> None:
    """Do nothing, as for the picture."""
    del answer


@looking(no_recording)
async def show_door(request: web.Request, caller: Caller) -> web.StreamResponse:
    """Show the way to the recording; no link is fetched for whoever only looks."""
    shelved = await _admitted(request, caller)
    person = await caller.services.chat.person(caller.user)
    press = "Download the audio" if request.path.endswith(AUDIO) else "Watch the recording"
    url = caller.entrance.signin.public_url
    return go_in(shelved.meeting.title, person.name, press, url, straight=goes_on(request))


@kindly
async def watch(request: web.Request) -> web.StreamResponse:
    """Fetch a fresh link for a person who may have it, send them on to it, and remember who it was."""
    return await pressed(request, no_recording, _fetch)


async def _fetch(request: web.Request, caller: Caller) -> web.StreamResponse:
    services, shelved = caller.services, await _admitted(request, caller)
    meeting, recording = shelved.meeting.id, shelved.recording.id
    links = await services.recordings.links(meeting, recording, caller.user)
    url = links.audio_url if request.path.endswith(AUDIO) else links.download_url
    if not url:
        raise NoRecording("The video service has no such file of this recording.")
    await services.watching.note(meeting, recording, caller.user)
    return onward(url)


async def _admitted(request: web.Request, caller: Caller) -> Shelved:
    """Find the recording for a person who may have it; who may not, does not learn what the meeting is called."""
    provider, _, own = request.match_info["recording"].partition(":")
    recording, services = RecordingId(own), caller.services
    identity = await services.meetings.of_recording(provider, recording)
    if identity is None:
        raise no_recording()
    shelved = await services.channel_recordings.one(identity, recording)
    await caller.entrance.admission.admit(shelved.meeting, caller.user)
    await services.permissions.insist(caller.user, Act.WATCH, shelved.meeting)
    if not is_visible(shelved.meeting, shelved.recording, caller.user):
        raise NoRecording(HIDDEN)
    return shelved
