"""Node packages that are installed globally, by their package.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cmdb.model.json_text import parsed
from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux._homes import ELEVATE, homes

_SYSTEM = ("/usr/local/lib/node_modules", "/usr/lib/node_modules", "/opt/nodejs/lib/node_modules")


def software(package_json: str, login: str = "", uid: int = 0) -> dict[str, Any] | None:
    """A package.json in the form of the inventory's ``softwares``; None if it is none."""
    try:
        fields = parsed(package_json)
    except ValueError:
        return None
    if not isinstance(fields, dict) or not isinstance(fields.get("name"), str):
        return None
    author = fields.get("author")
    maker = author.get("name") if isinstance(author, dict) else author
    texts = {key: value for key, value in fields.items() if isinstance(value, str)}
    return present(
        name=fields["name"],
        version=texts.get("version"),
        publisher=maker.partition("<")[0].strip() if isinstance(maker, str) else None,
        comments=texts.get("description"),
        url_info_about=texts.get("homepage"),
        username=login,
        userid=str(uid) if login else None,
        **{"from": "npm"},
    )


def _collect(probe: Probe) -> Content:
    found: list[dict[str, Any]] = []
    for folder in _SYSTEM:
        found.extend(_packages(probe, folder, "", 0))
    for login, uid, home in homes(probe):
        folders = [home + "/.npm-global/lib/node_modules"]
        versions = home + "/.nvm/versions/node"
        folders += [f"{versions}/{version}/lib/node_modules" for version in probe.names(versions, ELEVATE)]
        for folder in folders:
            found.extend(_packages(probe, folder, login, uid))
    return {"softwares": found} if found else {}


def _packages(probe: Probe, folder: str, login: str, uid: int) -> Iterator[dict[str, Any]]:
    for name in probe.names(folder, ELEVATE if login else ""):
        paths = [f"{name}/{n}" for n in probe.names(f"{folder}/{name}")] if name.startswith("@") else [name]
        for path in paths:
            one = software(probe.read(f"{folder}/{path}/package.json"), login, uid)
            if one:
                yield one


COLLECTOR = Collector("Node packages", _collect, sections=(Section("softwares"), Section("user_softwares", ELEVATE)))
