"""What a person said that a name of installed software means: it comes before all rules of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from cmdb.licences.engine.name_forms import clean, maker, without_version

NO_PRODUCT = "none"
"""The kind of a name that a person takes no interest in."""


def name_key(product: str, publisher: str = "", version: str = "") -> str:
    """What tells names apart: the name as reported, without the version if it repeats that, and the publisher.

    So "Planner 3.1 (x64)" in version 3.1 and "Planner 3.2 (x64)" in version 3.2 are one name, and "Office 2019" and
    "Office 2021" are two.
    """
    plain, _ = without_version(product, version, of_product=False)
    return f"{clean(plain)} / {maker(publisher)}" if publisher else clean(plain)


@dataclass(frozen=True, slots=True)
class NameOverride:
    """What a person said of one name. ``kind`` is "product", or what it is instead (then there is no ``product``)."""

    key: str
    product: str = ""
    publisher: str = ""
    edition: str = ""
    kind: str = "product"
