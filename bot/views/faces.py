"""The faces of those who are in, as small pictures in a row."""

from bot.domain.ids import UserId
from bot.domain.meeting import Meeting
from bot.exchanged import Block
from bot.views import words
from bot.views.blocks import clip

MOST = 8
"""Pictures in a row; a context block has ten elements (docs.slack.dev, Context block)."""
URL_MAX, ALT_MAX = 3000, 200


def faces(meeting: Meeting) -> list[Block]:
    """Draw a row of the people who are in and of whom there is a picture; nothing where there is none."""
    inside = [UserId(presence.person or "") for presence in words.distinct(meeting.inside)]
    known = [meeting.company.faces[person] for person in inside if person in meeting.company.faces]
    shown = [(face.name, face.picture) for face in known if face.picture and _is_address(face.picture)][:MOST]
    if not shown:
        return []
    pictures: list[Block] = [
        {"type": "image", "image_url": picture, "alt_text": clip(words.one_line(name), ALT_MAX) or "somebody"}
        for name, picture in shown
    ]
    rest = len(inside) - len(shown)
    more: list[Block] = [{"type": "plain_text", "text": f"and {rest} more"}] if rest > 0 else []
    return [{"type": "context", "elements": [*pictures, *more]}]


def _is_address(picture: str) -> bool:
    return picture.startswith(("https://", "http://")) and len(picture) <= URL_MAX
