"""Software identification tags (ISO/IEC 19770-2) that publishers left on the disk beside their software."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

_FOLDERS = (
    "/usr/share/swidtag",
    "/usr/lib/swidtag",
    "/usr/local/share/swidtag",
    "/var/lib/swidtag",
    "/etc/swid/swidtags.d",
)
_OPTIONAL = "/opt"
_ENDING = ".swidtag"
_MOST = 1 << 16
_ROOT = r"<(?:\w+:)?SoftwareIdentity\b([^>]*)>"
_ENTITY = r"<(?:\w+:)?Entity\b([^>]*)>"
_ATTRIBUTE = r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


def software(tag: str) -> dict[str, Any] | None:
    """A tag of the edition of 2015 in the form of the inventory's ``softwares``; None if it is none, or one of an
    installer that is not installed (``corpus``). Nothing but attributes is read: no entity and no document type counts.
    """
    root = re.search(_ROOT, tag)
    said = _attributes(root[1]) if root else {}
    if not said.get("name") or said.get("corpus") == "true":
        return None
    makers = [
        one for one in map(_attributes, re.findall(_ENTITY, tag)) if "softwareCreator" in one.get("role", "").split()
    ]
    return present(
        name=said["name"],
        version=said.get("version"),
        publisher=makers[0].get("name") if makers else None,
        guid=said.get("tagId"),
        release_type="Update" if said.get("patch") == "true" else None,
        **{"from": "swid"},
    )


def _attributes(text: str) -> dict[str, str]:
    found = {}
    for name, double, single in re.findall(_ATTRIBUTE, text):
        value = double or single
        for written, meant in _ENTITIES:
            value = value.replace(written, meant)
        found[name] = value.strip()
    return found


def _collect(probe: Probe) -> Content:
    found: dict[str, dict[str, Any]] = {}
    for path in _tags(probe):
        one = software(probe.read(path, most=_MOST))
        if one:
            found.setdefault(str(one.get("guid", path)), one)
    return {"softwares": list(found.values())} if found else {}


def _tags(probe: Probe) -> Iterator[str]:
    """The tags in the folders that packagers keep them in, and of each product in /opt."""
    folders = [*_FOLDERS, *(f"{_OPTIONAL}/{name}/swidtag" for name in probe.names(_OPTIONAL))]
    for folder in folders:
        for name in probe.names(folder):
            if name.endswith(_ENDING):
                yield f"{folder}/{name}"
            else:
                yield from (
                    f"{folder}/{name}/{one}" for one in probe.names(f"{folder}/{name}") if one.endswith(_ENDING)
                )


COLLECTOR = Collector("SWID tags", _collect, sections=(Section("softwares"),))
