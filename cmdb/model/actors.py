"""Who writes revisions: a person, an agent (a scan), or the system (Terrier itself)."""

from __future__ import annotations

from dataclasses import dataclass

from cmdb.model.characters import visible
from cmdb.model.claims import kind_of

PERSON, AGENT, SYSTEM = "person", "agent", "system"
KINDS_OF_ACTORS = (PERSON, AGENT, SYSTEM)
_KIND_BY_SOURCE = {"scan": AGENT, "retention": SYSTEM, "migration": SYSTEM}
SYSTEM_NAME = "Terrier"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes. An actor never changes: another name or another person's record is another actor.

    ``login`` is that of the server, or of the operating system for a file; "" where it is not known. ``person`` is the
    id of the person's record, or "".
    """

    name: str
    kind: str = PERSON
    login: str = ""
    person: str = ""

    def __post_init__(self) -> None:
        for name in ("name", "login"):
            object.__setattr__(self, name, visible(getattr(self, name)))

    @property
    def document(self) -> dict[str, str]:
        """As JSON; what is not known is left out."""
        pairs = (("kind", self.kind), ("name", self.name), ("login", self.login), ("person", self.person))
        return {name: value for name, value in pairs if value}


def actor_of(source: str, author: str, writer: Actor | None) -> Actor:
    """Who writes a revision of a source.

    ``writer`` is who the estate was opened by. Without one, as in a history that is brought along, it is known by
    the name of the revision's author alone.
    """
    kind = _KIND_BY_SOURCE.get(kind_of(source), PERSON)
    if writer is None:
        return Actor(author, kind)
    if kind == SYSTEM:
        return Actor(SYSTEM_NAME, kind, writer.login)
    return writer if kind == PERSON else Actor(writer.name, kind, writer.login)
