"""Plug-in packages: importers, reports and collectors that other packages provide by entry points.

A package names what it provides in the entry point groups ``terrier.importers``, ``terrier.reports`` and
``terrier.collectors``; each entry point is an ``Importer``, a ``Report`` or a ``Collector``. Such code runs with all
rights of the user, so a package is off until an administrator allows it by its name in the settings
(``plugins allow NAME``). A package that is not allowed is never imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from cmdb.model.errors import NotFound
from cmdb.model.messages import Message, tr, verbatim

if TYPE_CHECKING:
    from app.reports.model import Report
    from app.settings import Settings
    from importers.discovery.collector import Collector
    from importers.importer import Importer

#: What a package can provide: an entry point group is called "terrier." followed by one of these.
KINDS = ("importers", "reports", "collectors")
#: The setting that lists the allowed packages by name.
SETTING = "plugins"
T = TypeVar("T")


class Plugin(NamedTuple):
    """An installed package with plug-ins. ``brings`` are pairs of kind and name."""

    package: str
    version: str
    brings: tuple[tuple[str, str], ...]
    allowed: bool


class Plugins:
    """The plug-ins of one run. The parts of an allowed package are loaded once, when they are first needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loaded: dict[str, list[object]] = {}
        self.problems: list[str] = []
        """What could not be loaded, one line each; the rest works."""

    def installed(self) -> list[Plugin]:
        """Every installed package with plug-ins, by name. Nothing of them is imported."""
        from importlib import metadata

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
            raise NotFound(
                Message("No plug-in package “{package}” is installed.", package=package), tuple(map(verbatim, known))
            )
        self._settings.set(SETTING, sorted({*self._allowed(), name}))

    def forbid(self, package: str) -> None:
        """Lets a package no longer be loaded from the next start on. Raises NotFound where it was not allowed."""
        name = normalised(package)
        if name not in self._allowed():
            raise NotFound(
                Message("The plug-in package “{package}” is not allowed, so it cannot be forbidden.", package=package),
                tuple(map(verbatim, sorted(self._allowed()))),
            )
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
        from importlib import metadata  # reads the packages' files: few persons allow any

        for point in sorted(metadata.entry_points(group=f"terrier.{kind}"), key=lambda one: one.name):
            if point.dist is None or normalised(point.dist.name) not in allowed:
                continue
            try:
                one = point.load()
            except Exception as error:  # foreign code: it may raise anything, and Terrier works without it
                self.problems.append(
                    tr(
                        "{package}: {name} cannot be loaded: {error}.",
                        package=point.dist.name,
                        name=point.name,
                        error=repr(error),
                    )
                )
                continue
            if isinstance(one, what):
                yield one
            else:
                self.problems.append(
                    tr("{package}: {name} is no {kind}.", package=point.dist.name, name=point.name, kind=what.__name__)
                )


def normalised(name: str) -> str:
    """A package's name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).casefold()
