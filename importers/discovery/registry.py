"""The collectors of a platform: every module in its folder that has a ``COLLECTOR``. Adding one is adding a file.

A module that makes several of one kind has them as ``COLLECTORS``.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from types import ModuleType

from cmdb.model.package_modules import module_names
from importers.discovery.collector import Collector

_PLATFORMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}


def collectors(platform: str = sys.platform, more: Iterable[Collector] = (), asked: bool = False) -> list[Collector]:
    """The platform's collectors in the order of their files' names, then those of plug-ins (``more``).

    Those that can hold secrets are among them only where they are ``asked`` for.
    A platform whose collectors are subjects of captures lists them in a function ``collectors``. One without a folder
    has only those of plug-ins.
    """
    folder = _PLATFORMS.get(platform, platform)
    try:
        package = importlib.import_module(f"importers.discovery.{folder}")
    except ModuleNotFoundError:
        own: Iterable[Collector] = ()
    else:
        own = package.collectors() if hasattr(package, "collectors") else _of_modules(package)
    return [one for one in (*own, *more) if asked or not one.asked]


def _of_modules(package: ModuleType) -> Iterator[Collector]:
    for name in module_names(package.__path__):
        if not name.startswith("_"):
            module = importlib.import_module(f"{package.__name__}.{name}")
            yield from getattr(module, "COLLECTORS", None) or (module.COLLECTOR,)
