"""NOTICE: every package that Terrier is installed, built or checked with, its version, and its licence.

    python -m distribution.notice > NOTICE

Versions come from the lock files, licences from the metadata of what is installed; what is missing there is recorded
here, with the reason. A package with an unwanted licence is a problem, which a test reports.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from distribution.pins import LOCKS, ROOT

#: Licences that metadata doesn't say, or not everywhere: of packages that only some systems or Pythons need.
RECORDED: Mapping[str, tuple[str, str]] = {
    "backports-tarfile": ("MIT", "for Python 3.11 only"),
    "colorama": ("BSD-3-Clause", "for Windows only"),
    "importlib-metadata": ("Apache-2.0", "for Python 3.11 only"),
    "jeepney": ("MIT", "for Linux only"),
    "lazy-importer": ("Apache-2.0", "for Python 3.11 only"),
    "nodeenv": ("BSD-3-Clause", "its metadata says BSD without the number of clauses"),
    "pypdfium2": ("BSD-3-Clause OR Apache-2.0", "its metadata names no choice; PDFium inside is BSD-3-Clause"),
    "pywin32-ctypes": ("BSD-3-Clause", "for Windows only"),
    "scipy": ("BSD-3-Clause", "its metadata has the whole text; its GCC libraries have the runtime library exception"),
    "secretstorage": ("BSD-3-Clause", "for Linux only"),
    "setuptools": ("MIT", "builds argparse-manpage, which has no wheel"),
    "sqlcipher3": ("Zlib", "its metadata says nothing; the SQLCipher inside is BSD-3-Clause, OpenSSL Apache-2.0"),
    "uv": ("MIT OR Apache-2.0", "installed by `make pins` alone"),
    "zipp": ("MIT", "for Python 3.11 only"),
}

#: What may be under the LGPL: used as libraries, unmodified, each a package that its user can replace.
LESSER: Mapping[str, str] = {
    "psycopg": "PostgreSQL's driver, see docs/decisions/psycopg.md",
    "psycopg-binary": "PostgreSQL's driver, see docs/decisions/psycopg.md",
    "pyside6-essentials": "Qt, see docs/decisions/pyside6.md",
    "shiboken6": "Qt, see docs/decisions/pyside6.md",
}

#: How older metadata calls licences, and their SPDX names.
SPDX: Mapping[str, str] = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
}

TITLES: Mapping[str, str] = {
    "requirements.lock": "Needed to run",
    "requirements-encryption.lock": "Needed for encrypted estates besides",
    "requirements-dev.lock": "Needed to build and check besides",
    "requirements-build.lock": "Needed to build one of these",
    "requirements-pins.lock": "Needed to make the lock files",
}

HEAD = """\
Terrier is under the MIT licence, see LICENSE. The packages that it is installed with are not part of it; each is under
the licence that is named here. `make pins` makes this list.
"""


@dataclass(frozen=True, slots=True)
class Package:
    """A package of a lock file. ``licence`` is an SPDX expression or what its metadata says, "" for nothing."""

    name: str
    version: str
    licence: str
    remark: str = ""


def canonical(name: str) -> str:
    """A package's name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(file: Path) -> dict[str, str]:
    """The versions of a lock file's packages, by canonical name."""
    pins = re.findall(r"^([\w.-]+)==([^\s;\\]+)", file.read_text("utf-8"), re.MULTILINE)
    return {canonical(name): version for name, version in pins}


def stated(name: str) -> str:
    """The licence in an installed package's metadata; "" where it isn't installed or doesn't say."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if expressions := found.get_all("License-Expression"):
        return str(expressions[0])
    classifiers = [
        text.rpartition(" :: ")[2] for text in found.get_all("Classifier") or () if text.startswith("License ::")
    ]
    lines = "".join(found.get_all("License") or ()).strip().splitlines()
    # A field of many lines is a licence's text, not its name.
    texts = [lines[0]] if len(lines) == 1 else [text for text in classifiers if text != "OSI Approved"]
    return " AND ".join(dict.fromkeys(SPDX.get(text, text) for text in texts))


def packages() -> Iterator[tuple[str, list[Package]]]:
    """The packages of each lock file that no earlier one has, under its title."""
    seen: set[str] = set()
    for lock in LOCKS:
        found = locked(ROOT / lock)
        yield TITLES[lock], [package(name, found[name]) for name in sorted(found.keys() - seen)]
        seen |= found.keys()


def package(name: str, version: str) -> Package:
    """A package with the licence that is recorded here, or else stated by itself."""
    licence, remark = RECORDED.get(name) or (stated(name), LESSER.get(name, ""))
    return Package(name, version, licence, remark)


def problem(one: Package) -> str:
    """The reason why a package may not be used; "" where it may."""
    if not one.licence:
        return f"{one.name}: no licence is stated. Look for it, and record it with the reason."
    if not _wanted(one.licence, lesser=one.name in LESSER):
        return f"{one.name}: {one.licence} is not wanted (GPL; LGPL only for Qt and PostgreSQL's driver)."
    return ""


#: An SPDX expression without brackets. Anything else is taken for one name.
_EXPRESSION = re.compile(r"[\w.+-]+(\s+(AND|OR|WITH)\s+[\w.+-]+)*")


def _wanted(licence: str, *, lesser: bool) -> bool:
    """Whether one of a licence's alternatives asks for no GPL."""
    alternatives = re.split(r"\s+OR\s+", licence) if _EXPRESSION.fullmatch(licence) else [licence]
    return any(not any(_copyleft(name, lesser) for name in re.split(r"\s+AND\s+", one)) for one in alternatives)


def _copyleft(name: str, lesser: bool) -> bool:
    if re.fullmatch(r"GPL-[\w.+-]+\s+WITH\s+GCC-exception-[\d.]+", name):
        return False  # a compiler's runtime library, in what it compiled
    if re.search(r"LGPL|Lesser|Library General", name, re.IGNORECASE) and not re.search(r"(?<!L)GPL", name):
        return not lesser
    return re.search(r"GPL|General Public|Affero", name, re.IGNORECASE) is not None


def notice() -> str:
    """The text of NOTICE."""
    lines = [HEAD]
    for title, found in packages():
        lines.append(f"{title}:\n")
        for one in found:
            remark = f"  ({one.remark})" if one.remark else ""
            lines.append(f"    {f'{one.name} {one.version}':<40}{one.licence}{remark}")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(notice())
