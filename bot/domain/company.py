"""Who is around a meeting: what people who were asked in have answered, and what people look like."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class InviteAnswered:
    """Somebody who was asked in has said whether they come."""

    person: UserId
    coming: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """Somebody was let in under this name, with this picture, if they have one."""

    person: UserId
    name: str
    picture: str | None
    at: datetime


CompanyEvent = InviteAnswered | PersonSeen


class Answer(BaseModel):
    """The last that somebody said of their coming."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    coming: bool


class Face(BaseModel):
    """What somebody looked like when they were last let in."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    name: str
    picture: str | None = None


class Company(BaseModel):
    """The people around a meeting.

    Args:
        answers: who has said whether they come.
        faces: the names and pictures of those who were let in.

    """

    model_config = ConfigDict(frozen=True)

    answers: dict[UserId, Answer] = Field(default_factory=dict)
    faces: dict[UserId, Face] = Field(default_factory=dict)

    def told(self, event: CompanyEvent) -> Self:
        """Give the company once this has happened too; of two tellings the later counts, in every order."""
        match event:
            case InviteAnswered(person, coming, at):
                answer = Answer(at=at, coming=coming)
                later = max(self.answers.get(person, answer), answer, key=lambda each: (each.at, each.coming))
                return self.model_copy(update={"answers": {**self.answers, person: later}})
            case PersonSeen(person, name, picture, at):
                face = Face(at=at, name=name, picture=picture)
                newer = max(self.faces.get(person, face), face, key=_rank)
                return self.model_copy(update={"faces": {**self.faces, person: newer}})

    @property
    def cannot_come(self) -> list[UserId]:
        """Those who have said that they cannot come, in the order in which they said so."""
        said = [(answer.at, person) for person, answer in self.answers.items() if not answer.coming]
        return [person for _, person in sorted(said)]


def _rank(face: Face) -> tuple[datetime, str, str]:
    return face.at, face.name, face.picture or ""
