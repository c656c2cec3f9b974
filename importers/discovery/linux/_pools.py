"""Disks that are one volume together: arrays of md, file systems of btrfs, pools of ZFS, as the kernel shows them."""

from __future__ import annotations

from typing import Any

from importers.discovery.collector import present
from importers.discovery.host import Probe

_SECTOR = 512
_BTRFS = "/sys/fs/btrfs/"
_ZFS = "/proc/spl/kstat/zfs/"
#: File systems of btrfs by the kind of their data, as the kernel's folders are called.
_LEVELS = ("raid0", "raid1", "raid1c3", "raid1c4", "raid10", "raid5", "raid6", "dup", "single")


def pools(probe: Probe) -> list[dict[str, Any]]:
    """The arrays, file systems and pools of several disks, and those that could be."""
    return [*_arrays(probe), *_btrfs(probe), *_zfs(probe)]


def _arrays(probe: Probe) -> list[dict[str, Any]]:
    found = []
    for name in probe.names("/sys/block"):
        base = f"/sys/block/{name}/"
        if not name.startswith("md") or not probe.exists(base + "md"):
            continue
        size = probe.number(base + "size")
        found.append(
            {
                "manager": "md",
                **present(
                    name=name,
                    pool_id=probe.value(base + "md/uuid"),
                    level=probe.value(base + "md/level"),
                    state=probe.value(base + "md/array_state"),
                    size=size * _SECTOR if size else None,
                    missing=probe.number(base + "md/degraded"),
                    disks=probe.names(base + "slaves"),
                ),
            }
        )
    return found


def _btrfs(probe: Probe) -> list[dict[str, Any]]:
    found = []
    for name in probe.names(_BTRFS):
        base = f"{_BTRFS}{name}/"
        disks = probe.names(base + "devices")
        if not disks:  # "features" and the like
            continue
        kinds = probe.names(base + "allocation/data")
        sizes = [probe.number(f"/sys/class/block/{disk}/size") for disk in disks]
        missing = [probe.value(f"{base}devinfo/{number}/missing") for number in probe.names(base + "devinfo")]
        found.append(
            {
                "manager": "btrfs",
                **present(
                    name=probe.value(base + "label") or name,
                    pool_id=name,
                    level=", ".join(kind for kind in _LEVELS if kind in kinds),
                    size=sum(size or 0 for size in sizes) * _SECTOR or None,
                    missing=missing.count("1") if missing else None,
                    disks=disks,
                ),
            }
        )
    return found


def _zfs(probe: Probe) -> list[dict[str, Any]]:
    names = [name for name in probe.names(_ZFS) if probe.exists(f"{_ZFS}{name}/state")]
    return [{"manager": "zfs", "name": name, **present(state=probe.value(f"{_ZFS}{name}/state"))} for name in names]
