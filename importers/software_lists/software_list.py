"""A list of software, whatever its format: what it is about, and the components that it lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

PACKAGE_MANAGERS = {"pypi": "pip"}
"""Types of package URLs that the register calls otherwise, by the program that installs such packages."""
DEVICE = "device"
SYSTEM = "operating-system"
INSTALLED = frozenset({"application", "firmware", "platform", "framework", "container", "device-driver"})
"""The types of components that a device has installed as products. Libraries and files are parts of others."""


@dataclass(frozen=True, slots=True)
class Component:
    """What a list names: a device, a product, a library. Its type is a word of CycloneDX."""

    type: str
    name: str
    version: str = ""
    publisher: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What else is said of it, by the columns of the section of components."""
    identity: Mapping[str, str] = field(default_factory=dict)
    """What only some have: serial_number, uuid, manufacturer, model, host_name and last_seen of a device, user and
    edition of a product.
    """
    parts: tuple[Component, ...] = ()

    def all_parts(self) -> Iterator[Component]:
        """Its parts with theirs, however deep, in their order."""
        waiting = [*reversed(self.parts)]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += reversed(one.parts)


@dataclass(frozen=True, slots=True)
class SoftwareList:
    """The components of one file, and when it was made (ISO UTC; "" if it does not say so).

    ``subject`` is what it is about; None where it does not say so.
    """

    subject: Component | None
    components: tuple[Component, ...]
    made: str = ""
    in_use: bool = False
    """Whether it says that its devices are in use, and no designs."""


def package_manager(purl: str) -> str:
    """What installs the package of a package URL; "" if it is none."""
    kind = purl.removeprefix("pkg:").partition("/")[0] if purl.startswith("pkg:") else ""
    return PACKAGE_MANAGERS.get(kind, kind)
