"""What stands behind the doors that people of a conversation go through after signing in with Slack."""

from dataclasses import dataclass

from bot.admission import Admission
from bot.signin import SignIn
from bot.visits import Visits


@dataclass(frozen=True, slots=True)
class Entrance:
    """All that a door needs; there only where ``PUBLIC_URL`` and the app's client id and secret are set.

    Args:
        signin: the way to Slack and back.
        visits: whose browser it is.
        admission: who may pass.

    """

    signin: SignIn
    visits: Visits
    admission: Admission
