"""Names of things as other tools show them, with the tag behind: "NB-1 (T0001)", "NB-1 (T0001) - ThinkPad T14"."""

from __future__ import annotations

import re

_WITH_MODEL = re.compile(r".*?\(([^()]+)\) - \S.*", re.DOTALL)
_AT_THE_END = re.compile(r".+\(([^()\s]+)\)", re.DOTALL)


def tag_in(name: str, *, model_only: bool = False) -> str:
    """The asset tag in a thing's name as a tool shows it, or "".

    A thing without a name shows its tag and its model: "(T0001) - ThinkPad T14 (Gen 3)". ``model_only``: only where the
    model stands behind, as "Bern (HQ)" may be a place.
    """
    if found := _WITH_MODEL.fullmatch(name):
        return found[1].strip()
    if not model_only and (found := _AT_THE_END.fullmatch(name)):
        return found[1]
    return ""
