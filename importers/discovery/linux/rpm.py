"""Packages of RPM. Its database has had three formats, so the rpm program is called, within the time limit."""

from __future__ import annotations

import time
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

_FIELDS = ("NAME", "EPOCH", "VERSION", "RELEASE", "ARCH", "VENDOR", "INSTALLTIME", "SIZE", "GROUP", "URL", "SUMMARY")
FORMAT = "\\t".join(f"%{{{field}}}" for field in _FIELDS) + "\\n"
_KEYS = ("gpg-pubkey",)  # imported keys are in the database like packages


def software(listing: str) -> list[dict[str, Any]]:
    """The packages of a listing in ``FORMAT``, in the form of the inventory's ``softwares``."""
    found = []
    for line in listing.splitlines():
        values = line.split("\t")
        if len(values) < len(_FIELDS) or values[0] in _KEYS:
            continue
        name, epoch, version, release, arch, vendor, seconds, size, group, url, summary = (
            "" if value == "(none)" else value.strip() for value in values[: len(_FIELDS)]
        )
        found.append(
            present(
                name=name,
                version=(f"{epoch}:" if epoch and epoch != "0" else "") + version + (f"-{release}" if release else ""),
                arch=arch,
                publisher=vendor,
                install_date=time.strftime("%Y-%m-%d", time.localtime(int(seconds))) if seconds.isdigit() else None,
                filesize=int(size) if size.isdigit() else None,
                system_category="" if group == "Unspecified" else group,
                url_info_about=url,
                comments=summary,
                **{"from": "rpm"},
            )
        )
    return found


def _collect(probe: Probe) -> Content:
    if not (probe.exists("/var/lib/rpm") or probe.exists("/usr/lib/sysimage/rpm")) or not probe.exists("/usr/bin/rpm"):
        return {}
    packages = software(probe.run("rpm", "-qa", "--qf", FORMAT))
    return {"softwares": packages} if packages else {}


COLLECTOR = Collector("rpm packages", _collect, limit=30.0, sections=(Section("softwares"),))
