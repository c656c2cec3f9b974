"""Large structures are freed a few objects at a time; what others hold stays."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field

from app.freeing import free_in_slices


class _Leaf:
    pass


@dataclass
class _Tree:
    leaves: list[_Leaf] = field(default_factory=list)
    by_name: dict[str, _Leaf] = field(default_factory=dict)


def test_only_what_nobody_else_holds_is_freed() -> None:
    tree = _Tree([_Leaf() for _ in range(5_000)], {str(n): _Leaf() for n in range(5_000)})
    kept = tree.by_name
    gone, stays = weakref.ref(tree.leaves[7]), weakref.ref(tree.by_name["7"])
    held = [tree, None]
    del tree
    free_in_slices(held)
    assert (held, gone(), stays() is kept["7"], len(kept)) == ([], None, True, 5_000)
