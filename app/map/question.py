"""A question to the map: where to start, what fails, how far to look. Saved views and "back" keep it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Mode = Literal["layered", "radial"]

DEPTH, IMPACT_DEPTH, BREADTH = 3, 7, 8
#: How many more neighbours one press of Enter shows.
STEP = 10


@dataclass(frozen=True, slots=True)
class MapQuestion:
    """CIs are given by uid. Depth 0 means the usual depth, which is larger where something fails."""

    start: str = ""
    failed: tuple[str, ...] = ()
    mode: Mode = "layered"
    depth: int = 0
    breadth: int = BREADTH
    expanded: tuple[tuple[str, int], ...] = ()
    collapsed: tuple[str, ...] = ()

    @property
    def steps(self) -> int:
        """How many steps from the start are drawn."""
        return self.depth or (IMPACT_DEPTH if self.failed else DEPTH)

    @property
    def usual(self) -> bool:
        """Whether depth and breadth are the usual ones."""
        return self.depth == 0 and self.breadth == BREADTH

    def starting(self, uid: str) -> MapQuestion:
        """From another CI, nothing expanded, nothing failing."""
        return replace(self, start=uid, failed=(), expanded=(), collapsed=(), depth=0)

    def failing(self, uid: str) -> MapQuestion:
        """With one more failure; everything else as it is."""
        return replace(self, failed=(*self.failed, uid), start=self.start or uid) if uid not in self.failed else self

    def working(self, uid: str) -> MapQuestion:
        """With one failure less."""
        return replace(self, failed=tuple(one for one in self.failed if one != uid))

    def expanding(self, uid: str, more: int = STEP) -> MapQuestion:
        """With ``more`` further neighbours of a CI."""
        extra = dict(self.expanded)
        extra[uid] = extra.get(uid, 0) + more
        return replace(self, expanded=tuple(extra.items()), collapsed=tuple(c for c in self.collapsed if c != uid))

    def collapsing(self, uid: str) -> MapQuestion:
        """Without what is drawn only because of a CI."""
        kept = tuple((one, extra) for one, extra in self.expanded if one != uid)
        return replace(self, expanded=kept, collapsed=(*self.collapsed, uid))

    def grows_from(self, other: MapQuestion | None) -> bool:
        """Whether it only expands or collapses what ``other`` drew, so that all boxes keep their places."""
        if other is None:
            return False
        same = replace(self, expanded=other.expanded, collapsed=other.collapsed)
        return same == other

    def document(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "start": self.start,
            "failed": list(self.failed),
            "mode": self.mode,
            "depth": self.depth,
            "breadth": self.breadth,
            "expanded": dict(self.expanded),
            "collapsed": list(self.collapsed),
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> MapQuestion:
        """The question of a document; what is missing or of the wrong kind is as usual."""
        expanded = document.get("expanded")
        return cls(
            start=str(document.get("start", "")),
            failed=tuple(map(str, document.get("failed", ()))),
            mode="radial" if document.get("mode") == "radial" else "layered",
            depth=_count(document.get("depth"), 0),
            breadth=_count(document.get("breadth"), BREADTH) or BREADTH,
            expanded=tuple((str(k), _count(v, STEP)) for k, v in expanded.items())
            if isinstance(expanded, dict)
            else (),
            collapsed=tuple(map(str, document.get("collapsed", ()))),
        )


def _count(value: object, usual: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else usual
