"""What names of installed software mean: all names as reported, and what people say of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.dependence import Dependence
from cmdb.licences.engine.catalogue import Catalogue, CatalogueMatch
from cmdb.licences.engine.name_forms import clean, shipped_identifiers
from cmdb.licences.engine.overrides import NO_PRODUCT as NO_PRODUCT
from cmdb.licences.engine.overrides import name_key
from cmdb.licences.labels import NAME_KINDS
from cmdb.licences.said_names import KIND, catalogue_of
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, counted
from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.schema import fold
from cmdb.store.reading.reported_names import ReportedName as ReportedName
from cmdb.store.reading.reported_names import carried, reported_names, reported_releases

if TYPE_CHECKING:
    from cmdb.model.control import Control
    from cmdb.store.reading.reader import Reader

#: What the meanings of names are worked out of.
DEPENDENCE = Dependence(kinds=frozenset({KIND, "installation"}))


@dataclass(frozen=True, slots=True)
class RecognisedName:
    """A name as reported, and what it means."""

    reported: ReportedName
    what: CatalogueMatch

    @property
    def known(self) -> bool:
        """Whether something is known of it: a rule or a person says what it is."""
        return bool(self.what.confidence) or self.what.product.listed or self.what.kind != "product"

    @property
    def meaning(self) -> str:
        """What it is recognised as, with its edition: "Office, Professional Plus"; of what is no product, nothing."""
        if self.what.kind != "product" or not self.known:
            return ""
        return ", ".join(part for part in (self.what.product.name, self.what.edition) if part)


@dataclass(frozen=True, slots=True)
class WhatIsSaid:
    """What a person says that a name means; "" for a product means that its kind says all."""

    product: str = ""
    publisher: str = ""
    edition: str = ""
    kind: str = "product"


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """What a person is asked of one name: what it means, what was said of it, how much is called so, and the
    ``products`` that it can be, with their publishers.
    """

    name: RecognisedName
    said: WhatIsSaid | None
    installations: int
    computers: int
    products: tuple[tuple[str, str], ...]
    editions: Mapping[str, list[str]]
    """Product → its editions, of those that the catalogue lists."""


def called(product: str) -> str:
    """What people call an app whose identifier stands where its name should; any other name as it is."""
    return shipped_identifiers().listed(product) or product


def recognised_names(reader: Reader, control: Control | None = None) -> list[RecognisedName]:
    """All names that are installed somewhere, what most computers carry first. Raises Cancelled through ``control``."""
    catalogue = catalogue_of(reader)
    found = []
    for one in reported_names(reader):
        if control is not None:
            control.check()
        found.append(RecognisedName(one, _what(catalogue, one)))
    return found


def names_of(reader: Reader, product: str, publisher: str = "") -> list[RecognisedName]:
    """The names that are recognised as a product of the register, by its name."""
    wanted = catalogue_of(reader).recognise(product, publisher).product
    return [
        one for one in recognised_names(reader)
        if one.what.kind == "product" and one.what.product.key == wanted.key
    ]  # fmt: skip


def question_of(reader: Reader, name: ReportedName) -> NameQuestion:
    """What is known of one name, and the numbers that follow what is said of it."""
    key = name_key(name.product, name.publisher, name.version)
    fields: Mapping[str, Any] | None = reader.records(KIND).get((key,))
    said = None
    if fields is not None:
        said = WhatIsSaid(*(str(fields.get(part, "")) for part in ("product", "maker", "edition", "kind")))
    begin = clean(name.product).split(" ")[0]
    releases = [
        one.number for one in reported_releases(reader)
        if clean(one.product).startswith(begin) and name_key(one.product, one.publisher, one.version) == key
    ]  # fmt: skip
    installations, computers = carried(reader, releases)
    recognised = RecognisedName(name, _what(catalogue_of(reader), name))
    return NameQuestion(recognised, said, installations, computers, tuple(known_products(reader)), _editions())


def say(reader: Reader, name: ReportedName, said: WhatIsSaid | None, author: str) -> Revision:
    """A revision in which a name means what a person says; None takes back what was said, so the rules hold again.

    Raises UserError where a product is wanted and none is named, or nothing was said that could be taken back.
    """
    key = name_key(name.product, name.publisher, name.version)
    record = Record(KIND, (key,))
    before = reader.records(KIND).get(record.key)
    if said is None:
        if before is None:
            text = Message("Nobody said what “{name}” is: there is nothing to take back.", name=name.product)
            raise UserError(text)
        reason = Message("“{name}” is recognised by the rules again", name=name.product)
        return Revision([Edit(record, "", dict(before), None)], author, reason=reason)
    if said.kind == "product" and not said.product.strip():
        raise UserError(Message("Name the product that “{name}” is.", name=name.product))
    after = _fields(name, said)
    edits = [Edit(record, "", None, after)]
    if before is not None:
        parts = sorted(before.keys() | after.keys())
        edits = [Edit(record, p, before.get(p), after.get(p)) for p in parts if before.get(p) != after.get(p)]
    return Revision(edits, author, reason=_reason(name, said))


def _fields(name: ReportedName, said: WhatIsSaid) -> dict[str, Any]:
    found = {"name": name.product, "publisher": name.publisher, "kind": said.kind}
    if said.kind == "product":
        listed = Catalogue.load().named(said.product.strip())
        found["product"] = listed.name if listed else said.product.strip()
        found["maker"] = listed.publisher if listed else said.publisher.strip()
        found["edition"] = said.edition.strip()
    return {part: value for part, value in found.items() if value}


def _reason(name: ReportedName, said: WhatIsSaid) -> Message:
    if said.kind == NO_PRODUCT:
        return Message("“{name}” is no product of interest", name=name.product)
    if said.kind != "product":
        return Message("“{name}” is no product: {kind}", name=name.product, kind=NAME_KINDS[said.kind])
    product = ", ".join(part.strip() for part in (said.product, said.edition) if part.strip())
    return Message("“{name}” is recognised as {product}", name=name.product, product=product)


def follows(use: NameQuestion) -> Message:
    """How much follows what is said of a name: "12 installations on 9 computers follow"."""
    return counted(
        "{count} installation on {computers} follows at once, and so does what the next scans find under this name.",
        "{count} installations on {computers} follow at once, and so does what the next scans find under this name.",
        use.installations,
        computers=counted("{count} computer", "{count} computers", use.computers),
    )


def _editions() -> dict[str, list[str]]:
    catalogue = Catalogue.load()
    return {one.name: catalogue.editions(one.name) for one in catalogue.products()}


def known_products(reader: Reader) -> list[tuple[str, str]]:
    """The products that a name can be, with their publishers: those of the catalogue, and those of the register."""
    from cmdb.model.selection import Selection

    found = {fold(one.name): (one.name, one.publisher) for one in Catalogue.load().products()}
    if "software_product" in reader.schema.classes:
        for one in reader.all(Selection(cls="software_product")):
            found.setdefault(fold(one.name), (one.name, one.text("publisher")))
    return [found[key] for key in sorted(found)]


def _what(catalogue: Catalogue, one: ReportedName) -> CatalogueMatch:
    return catalogue.recognise(one.product, one.publisher, one.edition, one.version, one.origin)
