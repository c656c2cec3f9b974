"""Formulas of Homebrew: each version that is installed has a folder with a receipt."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from cmdb.model.json_text import parsed
from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux._homes import ELEVATE, homes

#: The account that Homebrew is installed under for everybody.
_ACCOUNT = "linuxbrew"


def software(name: str, version: str, receipt: str, login: str = "", uid: int = 0) -> dict[str, Any]:
    """A formula in the form of the inventory's ``softwares``; its receipt says since when."""
    try:
        told = parsed(receipt)
    except ValueError:
        told = {}
    seconds = told.get("time") if isinstance(told, dict) else None
    known = isinstance(seconds, int) and 0 < seconds < 1 << 32
    return present(
        name=name,
        version=version,
        install_date=time.strftime("%Y-%m-%d", time.localtime(seconds)) if known else None,
        username=login,
        userid=str(uid) if login else None,
        **{"from": "brew"},
    )


def _collect(probe: Probe) -> Content:
    found = list(_formulas(probe, f"/home/{_ACCOUNT}/.linuxbrew/Cellar", "", 0))
    for login, uid, home in homes(probe):
        found.extend(_formulas(probe, f"{home}/.linuxbrew/Cellar", login, uid))
    return {"softwares": found} if found else {}


def _formulas(probe: Probe, cellar: str, login: str, uid: int) -> Iterator[dict[str, Any]]:
    for name in probe.names(cellar, ELEVATE if login else ""):
        for version in probe.names(f"{cellar}/{name}"):
            if not version.startswith("."):
                receipt = probe.read(f"{cellar}/{name}/{version}/INSTALL_RECEIPT.json", most=1 << 18)
                yield software(name, version, receipt, login, uid)


COLLECTOR = Collector("Homebrew", _collect, sections=(Section("softwares"), Section("user_softwares", ELEVATE)))
