"""Package URLs (purl, ECMA-427): one text that names what a package manager installed, the same everywhere."""

from __future__ import annotations

import re
import string

#: What installed a package → its type of package URL. What is not registered there has none.
_TYPES = {"deb": "deb", "rpm": "rpm", "apk": "apk", "pacman": "alpm", "pip": "pypi", "npm": "npm"}
#: Types whose packages are those of a distribution, which their URL names.
_OF_DISTRIBUTION = frozenset({"deb", "rpm", "apk", "alpm"})
_PLAIN = frozenset(string.ascii_letters + string.digits + ".-_~:")


def package_url(origin: str, name: str, version: str, arch: str = "", distribution: str = "", release: str = "") -> str:
    """The package URL of what ``origin`` ("deb", "pip") installed; "" where it has none, or the distribution that it
    would have to name is not known.

    ``distribution`` and ``release`` are the ID and VERSION_ID of os-release.
    """
    kind = _TYPES.get(origin, "")
    of_distribution = kind in _OF_DISTRIBUTION
    if not kind or not name or (of_distribution and not distribution):
        return ""
    said = {"arch": arch if of_distribution else ""}
    if kind == "rpm" and re.match(r"\d+:", version):
        said["epoch"], _, version = version.partition(":")
    if kind in ("deb", "rpm") and release:
        said["distro"] = f"{distribution}-{release}"
    space = distribution.lower() if of_distribution else ""
    if kind == "npm":
        space, _, name = name.rpartition("/")
    elif kind == "pypi":
        name = name.lower().replace("_", "-")
    parts = "/".join(_escaped(part) for part in (kind, space, name) if part)
    query = "&".join(f"{key}={_escaped(value)}" for key, value in sorted(said.items()) if value)
    return f"pkg:{parts}" + (f"@{_escaped(version)}" if version else "") + (f"?{query}" if query else "")


def _escaped(part: str) -> str:
    """A part with the bytes that could mean something else as %XX."""
    return "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in part.encode("utf-8", "replace"))
