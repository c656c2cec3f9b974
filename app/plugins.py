"""Plug-in packages: importers, reports and collectors that other packages bring by entry points.

A package names what it brings in the entry point groups ``terrier.importers``, ``terrier.reports`` and
``terrier.collectors``; each entry point is an ``Importer``, a ``Report`` or a ``Collector``. Code of other people runs
with all rights of the person at the screen, so a package is off until an administrator allows it by its name in the
settings (``plugins allow NAME``). What is not allowed is never imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, TypeVar, cast

from cmdb.model.errors import NotFound

if TYPE_CHECKING:
    from app.reports.model import Report
    from app.settings import Settings
    from importers.discovery.collector import Collector
    from importers.importer import Importer

#: What a package can bring: the entry point groups are called "terrier." and one of these.
KINDS = ("importers", "reports", "collectors")
#: The setting that lists the allowed packages by name.
SETTING = "plugins"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plugin:
    """An installed package that brings something. ``brings`` are pairs of kind and name."""

    package: str
    version: str
    brings: tuple[tuple[str, str], ...]
    allowed: bool


class Plugins:
    """The plug-ins of one run. What an allowed package brings is loaded once, when it is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loaded: dict[str, list[object]] = {}
        self.problems: list[str] = []
        """What could not be loaded, one line each; the rest works."""

    def installed(self) -> list[Plugin]:
        """Every installed package that brings something, by name. Nothing of them is imported."""
        allowed = self._allowed()
        found: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        for kind in KINDS:
            for point in metadata.entry_points(group=f"terrier.{kind}"):
                if point.dist is not None:
                    name = normalised(point.dist.name)
                    found.setdefault(name, (point.dist.version, []))[1].append((kind, point.name))
        return [
            Plugin(name, version, tuple(sorted(brings)), name in allowed)
            for name, (version, brings) in sorted(found.items())
        ]

    def allow(self, package: str) -> None:
        """Lets a package be loaded from the next start on. Raises NotFound where none of that name is installed."""
        name = normalised(package)
        known = [one.package for one in self.installed()]
        if name not in known:
            raise NotFound(f"No plug-in package {package!r} is installed.", tuple(known))
        self._settings.set(SETTING, sorted({*self._allowed(), name}))

    def forbid(self, package: str) -> None:
        """Lets a package no longer be loaded from the next start on. Raises NotFound where it was not allowed."""
        name = normalised(package)
        if name not in self._allowed():
            raise NotFound(f"The plug-in package {package!r} is not allowed as it is.", tuple(sorted(self._allowed())))
        self._settings.set(SETTING, sorted(self._allowed() - {name}) or None)

    def importers(self) -> list[Importer]:
        """The importers of allowed packages."""
        from importers.importer import Importer

        return self._of("importers", Importer)

    def reports(self) -> list[Report]:
        """The reports of allowed packages."""
        from app.reports.model import Report

        return self._of("reports", Report)

    def collectors(self) -> list[Collector]:
        """The collectors of allowed packages."""
        from importers.discovery.collector import Collector

        return self._of("collectors", Collector)

    def _allowed(self) -> set[str]:
        names: list[str] = self._settings.get(SETTING, [])
        return {normalised(str(name)) for name in names}

    def _of(self, kind: str, what: type[T]) -> list[T]:
        if kind not in self._loaded:
            self._loaded[kind] = list(self._load(kind, what))
        return cast("list[T]", self._loaded[kind])

    def _load(self, kind: str, what: type[T]) -> Iterable[T]:
        allowed = self._allowed()
        if not allowed:
            return
        for point in sorted(metadata.entry_points(group=f"terrier.{kind}"), key=lambda one: one.name):
            if point.dist is None or normalised(point.dist.name) not in allowed:
                continue
            try:
                one = point.load()
            except Exception as error:  # code of other people: whatever it raises, Terrier works without it
                self.problems.append(f"{point.dist.name}: {point.name} cannot be loaded: {error!r}.")
                continue
            if isinstance(one, what):
                yield one
            else:
                self.problems.append(f"{point.dist.name}: {point.name} is no {what.__name__}.")


def normalised(name: str) -> str:
    """A package's name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).casefold()
