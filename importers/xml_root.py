"""The outermost element of XML by the first bytes of its file, so that it is known what it is before it is read."""

from __future__ import annotations

import re
from typing import NamedTuple


class RootTag(NamedTuple):
    """The name of a document's outermost element, and its namespace ("" for none)."""

    name: str
    namespace: str


_BEFORE_ROOT = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>)", re.DOTALL)
_ROOT = re.compile(rb"\s*<(?:([\w.-]+):)?([\w.-]+)((?:\s+[^<>]*)?)/?>?", re.DOTALL)
_NAMESPACE = re.compile(rb"""\bxmlns(?::([\w.-]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def root_tag(start: bytes) -> RootTag:
    """The outermost element of a document by the first bytes of its file (as ``start_of`` gives them)."""
    at = 0
    while found := _BEFORE_ROOT.match(start, at):
        at = found.end()
    root = _ROOT.match(start, at)
    if root is None:
        return RootTag("", "")
    prefix = root[1] or b""
    named = next((one[2] or one[3] for one in _NAMESPACE.finditer(root[3]) if (one[1] or b"") == prefix), b"") or b""
    return RootTag(root[2].decode("ascii", "replace"), named.decode("utf-8", "replace"))
