"""AppImages where people and administrators keep them: programs in one file, which nothing installs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux._homes import ELEVATE, homes

_SYSTEM = ("/opt", "/opt/AppImages", "/usr/local/bin")
_OF_A_PERSON = ("Applications", "AppImages", ".local/bin", "bin")
_ENDING = ".appimage"
#: What a file of each of the two types of AppImages has from its ninth byte on.
_MAGIC = (b"AI\x01", b"AI\x02")
_ARCHITECTURES = ("x86_64", "amd64", "aarch64", "arm64", "armhf", "i386", "i686")


def named(file: str) -> dict[str, str]:
    """Name, version and architecture by a file's name: ``Krita-5.2.2-x86_64.AppImage``. What it does not say is left
    out.
    """
    words = file[: -len(_ENDING)].replace("_x86_64", "-x86_64").split("-")
    arch = next((word for word in words if word.lower() in _ARCHITECTURES), "")
    rest = [word for word in words if word != arch]
    version = next((word for word in rest[1:] if word.lstrip("v")[:1].isdigit()), "")
    name = "-".join(rest[: rest.index(version)] if version else rest)
    return present(name=name, version=version.lstrip("v"), arch=arch)


def _collect(probe: Probe) -> Content:
    found = [one for folder in _SYSTEM for one in _images(probe, folder, "", 0)]
    for login, uid, home in homes(probe):
        for folder in _OF_A_PERSON:
            found.extend(_images(probe, f"{home}/{folder}", login, uid))
    return {"softwares": found} if found else {}


def _images(probe: Probe, folder: str, login: str, uid: int) -> Iterator[dict[str, Any]]:
    for file in probe.names(folder, ELEVATE if login else ""):
        if not file.lower().endswith(_ENDING):
            continue
        path = f"{folder}/{file}"
        if probe.read_bytes(path, most=11)[8:11] not in _MAGIC:
            continue
        size, changed = probe.size(path), probe.modified(path)
        yield {
            **named(file),
            **present(
                filesize=size,
                install_date=time.strftime("%Y-%m-%d", time.localtime(changed)) if changed else None,
                folder=folder,
                username=login,
                userid=str(uid) if login else None,
            ),
            "from": "appimage",
        }


COLLECTOR = Collector("AppImages", _collect, sections=(Section("softwares"), Section("user_softwares", ELEVATE)))
