"""The programs that serve others over the network, as ``resources/discovery/services.toml`` declares them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from cmdb.model.resources import RESOURCES


@dataclass(frozen=True, slots=True)
class KnownService:
    """A kind of program: ``label`` names its instances, ``cls`` is the class of their records.

    A record that has one of the ``words`` in its name or engine is an instance of it. ``administration``: who looks
    after machines uses it, and nothing depends on it.
    """

    label: str
    cls: str
    words: tuple[str, ...]
    administration: bool


@dataclass(frozen=True, slots=True)
class KnownServices:
    """The declared programs, by the name of a process, and by ``protocol/port`` where no process is known."""

    by_program: Mapping[str, KnownService]
    by_port: Mapping[str, KnownService]
    runtimes: frozenset[str]
    """Programs that run others: of these the port says more than the name."""

    def of(self, program: str, port: str) -> KnownService | None:
        """The service of a program, else of ``protocol/port``; None where neither is declared."""
        unnamed = not program or program in self.runtimes
        return self.by_program.get(program) or (self.by_port.get(port) if unnamed else None)


@cache
def known_services() -> KnownServices:
    """The declared programs. Raises FileNotFoundError where the program's data is incomplete."""
    document = tomllib.loads((RESOURCES / "discovery" / "services.toml").read_text("utf-8"))
    by_program: dict[str, KnownService] = {}
    by_port: dict[str, KnownService] = {}
    for entry in document["service"].values():
        words = tuple(entry.get("words", ()))
        one = KnownService(entry["label"], entry["class"], words, bool(entry.get("administration", False)))
        by_program.update(dict.fromkeys(entry.get("programs", ()), one))
        by_port.update(dict.fromkeys(entry.get("ports", ()), one))
    return KnownServices(by_program, by_port, frozenset(document["runtimes"]["programs"]))


@lru_cache(1 << 14)
def program_name(process: str, path: str = "") -> str:
    """The name by which a program is known: of its process or its file, lower case, without ".exe"."""
    name = process or path.replace("\\", "/").rpartition("/")[2]
    return name.casefold().removesuffix(".exe")
