"""What the tools of a Mac answer, in the form of a capture's sections."""

from __future__ import annotations

import json
import plistlib
from collections.abc import Mapping
from typing import Any

from importers.captures.capture import MACOS, Capture, CaptureSection
from importers.discovery.collector import COLLECTED

TAKEN = "2026-11-30T17:26:22Z"


def capture(sections: Mapping[str, str | CaptureSection]) -> Capture:
    """A capture of sections: a text is one that was collected."""
    found = {
        name: one if isinstance(one, CaptureSection) else CaptureSection(COLLECTED, 0.1, content=one)
        for name, one in sections.items()
    }
    return Capture(MACOS, TAKEN, found)


def profile(kind: str, *entries: dict[str, Any]) -> str:
    """What system_profiler answers."""
    return json.dumps({f"SP{kind}DataType": list(entries)}, indent=2)


def property_list(value: Any) -> str:
    """What tools answer as a property list."""
    return plistlib.dumps(value).decode()


def without(sections: Mapping[str, str], *names: str) -> dict[str, str]:
    """The sections without some."""
    return {name: content for name, content in sections.items() if name not in names}


def volume(name: str, device: str, mount: str, size: int, free: int, **drive: str) -> dict[str, Any]:
    """A volume of SPStorageDataType."""
    inner = {
        "device_name": "APPLE SSD AP0512R", "is_internal_disk": "yes", "medium_type": "ssd", "protocol": "Apple Fabric",
        "smart_status": "Verified", "media_name": "AppleAPFSMedia", "partition_map_type": "unknown_partition_map_type",
        **drive,
    }  # fmt: skip
    return {
        "_name": name, "bsd_name": device, "file_system": "APFS", "free_space_in_bytes": free, "mount_point": mount,
        "physical_drive": inner, "size_in_bytes": size, "volume_uuid": f"7A2F1C66-0000-4000-8000-{len(mount):012d}",
        "writable": "yes",
    }  # fmt: skip


def account(login: str, number: int, name: str, shell: str = "/bin/zsh", home: str = "") -> dict[str, list[str]]:
    """An account of dscl."""
    return {
        "dsAttrTypeStandard:RecordName": [login],
        "dsAttrTypeStandard:UniqueID": [str(number)],
        "dsAttrTypeStandard:RealName": [name],
        "dsAttrTypeStandard:NFSHomeDirectory": [home or f"/Users/{login}"],
        "dsAttrTypeStandard:UserShell": [shell],
    }


def version(number: str, build: str) -> str:
    """What sw_vers answers."""
    return f"ProductName:\t\tmacOS\nProductVersion:\t\t{number}\nBuildVersion:\t\t{build}\n"
