"""Every error the bot raises on purpose, sorted by who can act on it.

BotError
├── UserError                  shown to the person as written
│   ├── NotAllowed             a rule says no; who may, and what to do
│   │   └── NotKnownNow        Slack does not say who they are, so it is a no for now
│   ├── NoMeetingHere          nothing to act on in this channel
│   ├── MeetingClosed          the room was ended for everyone
│   ├── HalfEnded              the door is shut, but people are still inside
│   ├── HalfRemoved            somebody's links are dead, but they may still be inside
│   ├── RecordingActive        one recording at a time
│   ├── NoRecording            nothing is being recorded
│   ├── LivestreamActive       one livestream at a time
│   ├── NoLivestream           nothing is shown to the public, or cannot be
│   ├── SignInFailed           who somebody is in Slack could not be made sure of
│   ├── NotAmongThem           a door for the people of a conversation, and this person is none of them
│   ├── CannotTell             nobody can tell whether a person is in a conversation
│   └── LinkExpired            a personal link that is used up, too old, or never was
├── ProviderError              carries the provider's status and message
│   ├── ProviderUnavailable    time-out, refused connection, 429 or 5xx after retries
│   ├── ProviderRefused        401 or 403: our credentials
│   └── ProviderRejected       any other 4xx
│       └── ProviderNotFound   404
├── WebhookError               never shown; decides the HTTP answer
│   ├── BadSignature           401
│   ├── BadPayload             400
│   └── KeyUnavailable         503: fail closed, the provider will try again
├── ChatError                  Slack's own answers to us
│   ├── ChatBusy               429: not before ``retry_after``
│   ├── ChatUnavailable        5xx, time-out, dropped connection: unclear whether it was done
│   │   └── ChatUnreached      no connection came about, so nothing was sent
│   ├── ChatRefused            this channel will not take our messages
│   ├── MessageGone            the message to edit no longer exists
│   ├── MessageRefused         Slack does not take this message, wherever it goes
│   └── TokenDead              the workspace took our token away
├── StoreBusy                  a meeting changed under us too often, try again
│   └── WrittenByNewer         only a newer replica can do this: try again, and one may take it
├── InstallFailed              the video service's program for the browser could not be put in place
└── SettingsError              at start only; names every mistake at once; exit code 78
"""

from collections.abc import Sequence


class BotError(Exception):
    """Anything the bot raises on purpose."""


class UserError(BotError):
    """A mistake the person can mend; its text is shown to them as written, in mrkdwn."""


class NotAllowed(UserError):
    """The person may not do this here."""


class NotKnownNow(NotAllowed):
    """Whether the person may do this was not to be found out just now; the same may be allowed in a minute."""


class NoMeetingHere(UserError):
    """There is no meeting in this channel to act on."""


class MeetingClosed(UserError):
    """The meeting was ended for everyone, nobody can join it again."""


class HalfEnded(UserError):
    """Nobody can come in any more, but those inside could not be sent out."""


class HalfHanded(UserError):
    """A meeting was handed over, but the provider could not be told."""


class HalfRemoved(UserError):
    """Somebody cannot come in any more, but could not be sent out."""


class RecordingActive(UserError):
    """The meeting is already being recorded."""


class NoRecording(UserError):
    """The meeting is not being recorded."""


class LivestreamActive(UserError):
    """The meeting is already being shown to the public."""


class NoLivestream(UserError):
    """The meeting is not being shown to the public, or the provider will not do it."""


class SignInFailed(UserError):
    """Who somebody is in Slack could not be made sure of."""


class NotAmongThem(UserError):
    """This is for the people of a conversation, and the person is none of them, or not any more."""


class CannotTell(UserError):
    """The bot may not look into a conversation, so it cannot tell whether a person is in it."""


class LinkExpired(UserError):
    """A personal link that is too old, or was never made."""


class ProviderError(BotError):
    """The video provider did not do what was asked.

    Args:
        message: what happened, in words fit for a log; never holds a secret.
        status: the HTTP status, 0 where there was no answer.
        unclear: whether something may have taken effect all the same: this call, or an earlier try of it.

    """

    def __init__(self, message: str, *, status: int = 0, unclear: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.unclear = unclear


class ProviderUnavailable(ProviderError):
    """The provider did not answer, or said it cannot now."""


class ProviderRefused(ProviderError):
    """The provider does not accept our credentials."""


class ProviderRejected(ProviderError):
    """The provider does not accept this request; carries its message."""


class ProviderNotFound(ProviderRejected):
    """The provider knows no such thing."""


class WebhookError(BotError):
    """A delivery that is not accepted; ``status`` is the HTTP answer."""

    status = 400


class BadSignature(WebhookError):
    """The delivery was not signed by the provider."""

    status = 401


class BadPayload(WebhookError):
    """The delivery is signed but is not what the provider documents."""

    status = 400


class KeyUnavailable(WebhookError):
    """The provider's public key could not be had, so nothing can be verified."""

    status = 503


class ChatError(BotError):
    """Slack did not do what was asked; ``code`` is Slack's own error word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ChatBusy(ChatError):
    """Slack asked us to wait.

    Args:
        method: the Web API method that is closed to us for now.
        retry_after: seconds.

    """

    def __init__(self, method: str, retry_after: float) -> None:
        super().__init__("ratelimited")
        self.method = method
        self.retry_after = retry_after


class ChatUnavailable(ChatError):
    """Slack did not answer, or answered with a server error: the call may have taken effect."""


class ChatUnreached(ChatUnavailable):
    """No connection to Slack came about: nothing was sent, so nothing was done."""


class ChatRefused(ChatError):
    """The bot may not post in this channel."""


class MessageGone(ChatError):
    """The message that was to be edited does not exist any more."""


class MessageRefused(ChatError):
    """Slack does not take this message, wherever it goes."""


class CallOver(ChatError):
    """The call that was to be changed was ended before, or is gone."""


class CallersRefused(ChatError):
    """Slack does not know somebody among those who were to be shown or taken out; nobody knows of the others."""


class TokenDead(ChatError):
    """The bot's token is no longer accepted."""


class StoreBusy(BotError):
    """A meeting changed under us more often than we try again."""


class WrittenByNewer(StoreBusy):
    """A newer replica has written of a meeting what this one does not understand, and must not write over."""


class InstallFailed(BotError):
    """The video service's program for the browser could not be put in place; says why, for whoever runs the bot."""


class SettingsError(BotError):
    """The settings cannot be used.

    Args:
        problems: one sentence for each mistake, all of them.

    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)
