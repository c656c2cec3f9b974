"""The head of a journal: the number of its last revision, and the hash that depends on all of them.

Whoever has noted a head can find out later whether the journal up to it is still the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, tr

_NOTED = re.compile(r"(?:(\d+)\s*:\s*)?([0-9a-f]{32,64})")
"""A head as people note it. 32 digits of a hash are as good as all of them against accidents and forgers alike."""


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The number of the last revision and its hash; 0 and "" for an estate without revisions.

    ``draft`` names the draft that was laid over the estate: what was made then says so wherever it names the head.
    """

    number: int
    hash: str
    draft: str = ""

    def __str__(self) -> str:
        head = f"{self.number}:{self.hash}" if self.number else "0"
        return tr("{head}, with the draft “{draft}”", head=head, draft=self.draft) if self.draft else head

    @property
    def document(self) -> dict[str, int | str]:
        """The head in JSON; a draft is named only where there is one."""
        return {"number": self.number, "hash": self.hash, **({"draft": self.draft} if self.draft else {})}


@dataclass(frozen=True, slots=True)
class NotedHead:
    """A head that was noted earlier. ``number`` is None where only the hash, or its beginning, was noted."""

    number: int | None
    hash: str

    @classmethod
    def parse(cls, text: str) -> NotedHead:
        """The head that a person gives: ``HASH`` or ``NUMBER:HASH``. Raises InvalidValue."""
        found = _NOTED.fullmatch("".join(text.split()).casefold())
        if found is None:
            raise InvalidValue(
                Message(
                    "“{text}” is no head of a journal: it is NUMBER:HASH or HASH, as {command} shows it, "
                    "with at least 32 digits of the hash.",
                    text=text,
                    command="history",
                )
            )
        return cls(int(found[1]) if found[1] else None, found[2])
