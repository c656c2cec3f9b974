"""SWID tags (ISO/IEC 19770-2) that publishers left on the disk beside their software."""

from __future__ import annotations

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
_MOST = 1 << 18


def software(tag: str) -> dict[str, Any] | None:
    """A tag in the form of the inventory's ``softwares``; None if it is none, or one of an installer that is not
    installed.
    """
    from importers.discovery.software_tags import software_tag  # few machines have a tag: no parser before one is read

    said = software_tag(tag)
    if not said.get("name") or said.get("corpus"):
        return None
    return present(
        name=said["name"],
        version=said.get("version"),
        publisher=said.get("publisher"),
        guid=said.get("tag_id"),
        release_type="Update" if said.get("patch") else None,
        **{"from": "swid"},
    )


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
