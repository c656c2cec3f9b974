"""A question to the map: the start, the failed CIs, and the depth. Saved views and "back" keep it."""

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
    """CIs are given by uid. Depth 0 means the default depth, which is larger if something fails."""

    start: str = ""
    failed: tuple[str, ...] = ()
    mode: Mode = "layered"
    depth: int = 0
    breadth: int = BREADTH
    expanded: tuple[tuple[str, int], ...] = ()
    collapsed: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    """Classes whose items are not drawn, unless the question is about them."""

    @property
    def steps(self) -> int:
        """The number of steps from the start that are drawn."""
        return self.depth or (IMPACT_DEPTH if self.failed else DEPTH)

    @property
    def usual(self) -> bool:
        """Whether depth and breadth are the defaults."""
        return self.depth == 0 and self.breadth == BREADTH

    def starting(self, uid: str) -> MapQuestion:
        """From another CI, nothing expanded, nothing failing."""
        return replace(self, start=uid, failed=(), expanded=(), collapsed=(), depth=0)

    def failing(self, uid: str) -> MapQuestion:
        """The question with one more failure. The first one is followed as far as a failure is anywhere."""
        if uid in self.failed:
            return self
        depth = self.depth if self.failed else 0
        return replace(self, failed=(*self.failed, uid), start=self.start or uid, depth=depth)

    def working(self, uid: str) -> MapQuestion:
        """The question with one failure less."""
        return replace(self, failed=tuple(one for one in self.failed if one != uid))

    def expanding(self, uid: str, more: int = STEP) -> MapQuestion:
        """The question with ``more`` further neighbours of a CI."""
        extra = dict(self.expanded)
        extra[uid] = extra.get(uid, 0) + more
        return replace(self, expanded=tuple(extra.items()), collapsed=tuple(c for c in self.collapsed if c != uid))

    def collapsing(self, uid: str) -> MapQuestion:
        """The question without the nodes that are drawn only because of a CI."""
        kept = tuple((one, extra) for one, extra in self.expanded if one != uid)
        return replace(self, expanded=kept, collapsed=(*self.collapsed, uid))

    def hiding(self, cls: str) -> MapQuestion:
        """The question without the items of a class."""
        return replace(self, hidden=tuple(dict.fromkeys((*self.hidden, cls))))

    def grows_from(self, other: MapQuestion | None) -> bool:
        """Whether it only expands or collapses nodes of ``other``, so that all boxes keep their positions."""
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
            **({"hidden": list(self.hidden)} if self.hidden else {}),
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> MapQuestion:
        """The question of a document; missing values and values of the wrong type are replaced by defaults."""
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
            hidden=tuple(map(str, document.get("hidden", ()))),
        )


def _count(value: object, usual: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else usual
