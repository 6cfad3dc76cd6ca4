"""``/r/{recording}``: one address for everyone of a channel; who may watch is asked now, and the link is fresh."""

from aiohttp import web

from bot.domain.ids import RecordingId, UserId
from bot.domain.rules import Act
from bot.domain.shelf import Shelved, is_visible
from bot.door_pages import go_in, kindly, not_ours, onward, sign_in
from bot.entrance import Entrance
from bot.errors import NoRecording
from bot.routes import Routes
from bot.services import SERVICES, Services
from bot.signin import is_door
from bot.slack.respond import Respond
from bot.views import actions
from bot.visits import is_robot

NO_RECORDING = "I do not know that recording. The list of this channel's recordings is at /record list."
HIDDEN = "This recording is hidden from its channel. Whoever started it, or the meeting, can show it again."
AUDIO = "/audio"


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


@kindly
async def show_door(request: web.Request) -> web.StreamResponse:
    """Show the way to sign in, or the way to the recording; no link is fetched for whoever only looks."""
    services, entrance = _at(request)
    user, url = entrance.visits.user(request), entrance.signin.public_url
    straight = not is_robot(request)
    if user is None:
        return sign_in(request.path, url, straight=straight and "back" not in request.query)
    shelved = await _admitted(request, services, entrance, user)
    person = await services.chat.person(user)
    press = "Download the audio" if request.path.endswith(AUDIO) else "Watch the recording"
    return go_in(shelved.meeting.title, person.name, press, url, straight=straight)


@kindly
async def watch(request: web.Request) -> web.StreamResponse:
    """Fetch a fresh link for a person who may have it, send them on to it, and remember who it was."""
    services, entrance = _at(request)
    if not entrance.visits.is_ours(request):
        return not_ours()
    user = entrance.visits.user(request)
    if user is None:
        return sign_in(request.path, entrance.signin.public_url, straight=False, status=401)
    shelved = await _admitted(request, services, entrance, user)
    meeting, recording = shelved.meeting.id, shelved.recording.id
    links = await services.recordings.links(meeting, recording, user)
    url = links.audio_url if request.path.endswith(AUDIO) else links.download_url
    if not url:
        raise NoRecording("The video service has no such file of this recording.")
    await services.watching.note(meeting, recording, user)
    return onward(url)


def _at(request: web.Request) -> tuple[Services, Entrance]:
    services = request.app[SERVICES]
    if services.entrance is None or not is_door(request.path):
        raise NoRecording(NO_RECORDING)
    return services, services.entrance


async def _admitted(request: web.Request, services: Services, entrance: Entrance, user: UserId) -> Shelved:
    """Find the recording for a person who may have it; who may not, does not learn what the meeting is called."""
    provider, _, own = request.match_info["recording"].partition(":")
    recording = RecordingId(own)
    identity = await services.meetings.of_recording(provider, recording)
    if identity is None:
        raise NoRecording(NO_RECORDING)
    shelved = await services.channel_recordings.one(identity, recording)
    await entrance.admission.admit(shelved.meeting, user)
    await services.permissions.insist(user, Act.WATCH, shelved.meeting)
    if not is_visible(shelved.meeting, shelved.recording, user):
        raise NoRecording(HIDDEN)
    return shelved
