"""Which host a file is about, where its name says so plainly: "lldp-web01.txt", "web01.example.org_dmidecode.txt"."""

from __future__ import annotations

import re

_ENDING = re.compile(r"\.(?:txt|json|log|out|text|xml)$", re.IGNORECASE)
_DAY = re.compile(r"[-_. ](?:19|20)\d\d-?\d\d-?\d\d(?:[-_T. ].*)?$")
_HOST = re.compile(r"(?=.*[a-z])[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", re.IGNORECASE)
_NO_HOSTS = {
    "output",
    "out",
    "sample",
    "example",
    "test",
    "result",
    "results",
    "neighbors",
    "neighbours",
    "data",
    "all",
}


def host_in_name(file: str, *tools: str) -> str:
    """The host in the name of a file, which stands beside the name of the tool that wrote it; "" where none does."""
    stem = _DAY.sub("", _ENDING.sub("", file))
    named = "|".join(map(re.escape, tools))
    match = re.fullmatch(rf"(?:{named})[-_. ](.+)", stem, re.IGNORECASE) or re.fullmatch(
        rf"(.+)[-_. ](?:{named})", stem, re.IGNORECASE
    )
    host = _DAY.sub("", match[1]) if match else ""
    return host if _HOST.fullmatch(host) and host.casefold() not in _NO_HOSTS else ""
