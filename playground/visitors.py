"""Two people who are no full members, to see in the playground what such people may do."""

from playground.workspace import Workspace
from playground.workspace_values import User

GUEST = User("UEVE", "eve", "Eve (a guest)", is_restricted=True)
PARTNER = User("UFLO", "flo", "Flo (another organisation)", team_id="T0ELSEWHERE")
WHERE = "general"


def let_in(workspace: Workspace) -> None:
    """Let a guest of the workspace and somebody of another organisation into one channel."""
    for user in (GUEST, PARTNER):
        workspace.add_user(user)
        workspace.invite(WHERE, user.id)
