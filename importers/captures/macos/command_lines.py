"""Processes with their arguments, which can hold secrets: only where a person asked for them."""

from __future__ import annotations

import re

from importers.captures.capture import Capture
from importers.captures.subject import Subject
from importers.discovery.collector import Content

_LINE = re.compile(r"\s*(\d{1,7})\s+(\S.*)")


def _parse(capture: Capture) -> Content:
    """Of ``ps -axwwo pid=,args=``."""
    lines = map(_LINE.fullmatch, capture.content("command-lines").splitlines())
    found = [{"pid": int(one[1]), "command_line": one[2].rstrip()} for one in lines if one]
    return {"terrier": {"command_lines": found}} if found else {}


SUBJECT = Subject("command lines", _parse, ("command-lines",), asked=True)
