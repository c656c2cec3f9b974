"""Activation of Windows and Office: the channel, whether it is licensed, and the last five characters of the key."""

from __future__ import annotations

from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, named, row, rows
from importers.discovery.collector import Content, Section, present

#: SoftwareLicensingProduct.LicenseStatus.
_STATES = {
    0: "unlicensed", 1: "licensed", 2: "grace period", 3: "grace period", 4: "not genuine", 5: "notification",
    6: "grace period",
}  # fmt: skip
_HIDDEN = "XXXXX-XXXXX-XXXXX-XXXXX-"


def _parse(capture: Capture) -> Content:
    licences, own = [], []
    for one in rows(capture, "licences"):
        if text(one, "Name") and text(one, "PartialProductKey"):
            licences.append(_licence(one))
            own.append(_state(one))
    office = row(capture, "office")
    products = (product.strip() for product in text(office, "ProductReleaseIds").split(","))
    licences += [{"name": one, "fullname": "Office (Click-to-Run)", "productid": one} for one in products if one]
    return {"licenseinfos": licences, "terrier": {"licences": own}} if licences else {}


def _licence(one: Row) -> dict[str, Any]:
    return present(
        name=text(one, "Name"),
        fullname=text(one, "Description"),
        productid=text(one, "ID"),
        key=_HIDDEN + text(one, "PartialProductKey"),
        trial=True if "EVAL" in text(one, "Description").upper() else None,
    )


def _state(one: Row) -> dict[str, Any]:
    return present(
        name=text(one, "Name"),
        channel=text(one, "ProductKeyChannel"),
        status=named(_STATES, one, "LicenseStatus"),
    )


SUBJECT = Subject("licences", _parse, ("licences", "office"), (Section("licenseinfos"),))
