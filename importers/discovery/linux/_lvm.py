"""LVM: what the kernel shows of logical volumes to everyone, and the copies of its metadata that root may read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from importers.discovery.collector import present
from importers.discovery.host import Probe

ELEVATE = "volume groups of LVM (sizes, physical volumes)"
_BACKUPS = "/etc/lvm/backup"
_SECTOR = 512
MIB = 1 << 20
_TOKEN = r'"(?:[^"\\]|\\.)*"|[{}=\[\],]|#[^\n]*|[^\s{}=\[\],"#]+'
#: How LVM writes a UUID: 32 characters in groups.
_GROUPS = (6, 4, 4, 4, 4, 4, 6)


class VolumeGroups(NamedTuple):
    """The three lists of the inventory's format."""

    groups: list[dict[str, Any]]
    physical: list[dict[str, Any]]
    logical: list[dict[str, Any]]


def volume_groups(probe: Probe) -> VolumeGroups:
    """What is known of LVM: by the kernel, and whole where the metadata may be read."""
    found = VolumeGroups([], [], _of_kernel(probe))
    if not found.logical:
        return found
    for name in probe.names(_BACKUPS, ELEVATE):
        one = of_metadata(probe.read(f"{_BACKUPS}/{name}", ELEVATE))
        known = {volume["vg_uuid"] for volume in found.logical}
        if one is not None and one.groups[0]["vg_uuid"] in known:  # a copy outlives its volume group
            found.groups.extend(one.groups)
            found.physical.extend(one.physical)
    return found


def of_metadata(text: str) -> VolumeGroups | None:
    """The volume group of a copy of its metadata (vgcfgbackup(8)), with its disks; None if it is none."""
    groups = ((name, one) for name, one in _blocks(_parsed(text)) if isinstance(one.get("extent_size"), int))
    name, group = next((pair for pair in groups if "id" in pair[1]), ("", {}))
    if not name:
        return None
    extent = group["extent_size"] * _SECTOR
    physical, logical = _blocks(group.get("physical_volumes")), _blocks(group.get("logical_volumes"))
    used = _used([part for _, volume in logical for _, part in _blocks(volume)])
    parts = []
    for volume, one in physical:
        extents = _whole(one.get("pe_count"))
        free = max(0, extents - used.get(volume, 0))
        parts.append(
            {
                **present(device=one.get("device"), pv_uuid=one.get("id"), vg_uuid=group["id"], format="lvm2"),
                "size": extents * extent // MIB, "free": free * extent // MIB, "pv_pe_count": extents,
                "pe_size": extent // MIB,
            }
        )  # fmt: skip
    whole = {
        "vg_name": name, "vg_uuid": group["id"], "size": sum(one["size"] for one in parts),
        "free": sum(one["free"] for one in parts), "pv_count": len(parts),
        "lv_count": sum("VISIBLE" in volume.get("status", ()) for _, volume in logical),
        "vg_extent_size": f"{extent // MIB} MiB" if extent >= MIB else f"{extent // 1024} KiB",
    }  # fmt: skip
    return VolumeGroups([whole], parts, [])


def _used(segments: list[dict[str, Any]]) -> dict[str, int]:
    """Physical volume → its extents that segments take. Stripes on other logical volumes take none of their own."""
    found: dict[str, int] = {}
    for one in segments:
        stripes = one.get("stripes")
        if isinstance(stripes, list) and stripes:
            share = _whole(one.get("extent_count")) // max(1, len(stripes) // 2)
            for volume in stripes[::2]:
                found[str(volume)] = found.get(str(volume), 0) + share
    return found


def names_of(mapped: str) -> tuple[str, str]:
    """Volume group and logical volume of a mapped device's name, in which a dash within a name is doubled."""
    group, _, volume = re.sub(r"(?<!-)-(?!-)", "\0", mapped).partition("\0")
    return group.replace("--", "-"), volume.replace("\0", "-").replace("--", "-")


def _of_kernel(probe: Probe) -> list[dict[str, Any]]:
    found = []
    for device in probe.names("/sys/block"):
        if not device.startswith("dm-"):
            continue
        base = f"/sys/block/{device}/"
        mark = probe.value(base + "dm/uuid")
        if not re.fullmatch(r"LVM-\w{64}", mark):  # inner parts of volumes have a suffix
            continue
        group, volume = names_of(probe.value(base + "dm/name"))
        size = probe.number(base + "size")
        found.append(
            present(
                lv_name=volume, lv_uuid=_grouped(mark[36:]), vg_name=group, vg_uuid=_grouped(mark[4:36]),
                size=size * _SECTOR // MIB if size is not None else None,
            )
        )  # fmt: skip
    return found


def _grouped(raw: str) -> str:
    parts, at = [], 0
    for length in _GROUPS:
        parts.append(raw[at : at + length])
        at += length
    return "-".join(parts)


def _parsed(text: str) -> dict[str, Any]:
    """LVM's configuration syntax: ``name { … }``, ``name = value`` and lists; what does not fit ends the reading."""
    tokens = (token for token in re.findall(_TOKEN, text) if not token.startswith("#"))
    return _block(tokens, 0)


def _block(tokens: Iterator[str], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in tokens:
        if name == "}" or depth > 8:
            break
        after = next(tokens, "")
        if after == "{":
            found[name] = _block(tokens, depth + 1)
        elif after == "=":
            found[name] = _value(tokens, next(tokens, ""))
    return found


def _value(tokens: Iterator[str], token: str) -> Any:
    if token == "[":
        items = []
        for one in tokens:
            if one == "]":
                break
            if one != ",":
                items.append(_value(tokens, one))
        return items
    if token.startswith('"'):
        return token[1:-1].replace('\\"', '"')
    return int(token) if token.lstrip("-").isdecimal() and len(token) < 20 else token


def _blocks(parent: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(name, one) for name, one in parent.items() if isinstance(one, dict)] if isinstance(parent, dict) else []


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
