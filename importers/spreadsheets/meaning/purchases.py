"""Lists of bought licences as resellers write them: an article's text is the product, and "Seats" are named users."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cmdb.model.messages import EMPTY
from cmdb.model.schema import Schema, fold
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.columns.mapping import OF_ROW, ColumnUse

_ARTICLES = (
    "product description", "article description", "item description", "license description", "licence description",
    "artikelbezeichnung", "artikeltext", "produktbezeichnung", "lizenzbezeichnung", "description", "bezeichnung",
    "beschreibung", "item name", "item", "article", "artikel", "libellé", "désignation", "désignation article",
    "descripción", "artículo", "position", "text", "sku description", "sku name", "offer name", "offer", "plan",
)  # fmt: skip
"""Headers of the article's text, the likeliest first."""
_FIGURE = re.compile(r"[\d.,\s]+")
_APART = re.compile(r"\s+|(?<=[a-z])(?=[A-Z])")


def read_purchases(
    schema: Schema, base: str, columns: Sequence[ColumnUse], samples: Sequence[Sequence[str]]
) -> tuple[list[ColumnUse], dict[str, Any]]:
    """The columns of a list of licences with the article as the product, and the constants that the headers tell.

    ``samples``: distinct values of each column. Lists of something else come back as they are.
    """
    found, constants = list(columns), dict[str, Any]()
    if not base or not schema.is_a(base, "entitlement"):
        return found, constants
    used = {one.name: one for one in found if one.role == "attribute"}
    if "product" not in used:
        article = _article(found, samples)
        if article is not None and article.how != "label":
            found[article.index] = replace(article, role="attribute", name="product", how="synonym", note=EMPTY)
        elif "name" in used:
            constants["product"] = f"{OF_ROW}name"
    if "quantity" not in used:
        counting = next((one for one in found if _counts(schema, one, samples[one.index])), None)
        if counting is not None:
            used["quantity"] = replace(counting, role="attribute", name="quantity", how="synonym", note=EMPTY)
            found[counting.index] = used["quantity"]
    if "metric" not in used:
        said = next((one for one in found if _says_metric(schema, one, samples[one.index])), None)
        if said is not None:
            used["metric"] = replace(said, role="attribute", name="metric", how="synonym", note=EMPTY)
            found[said.index] = used["metric"]
    if "metric" not in used and "quantity" in used:
        metric = counted_in(schema, used["quantity"].header)
        if metric:
            constants["metric"] = metric
    return found, constants


def _says_metric(schema: Schema, one: ColumnUse, values: Sequence[str]) -> bool:
    """Whether a column that is not used is called a kind of licence, and has nothing but metrics: "User", "Device"."""
    if one.role != "unmapped" or fold(one.header) not in _KINDS or not values:
        return False
    convert = Converter(schema.attribute("entitlement", "metric"))
    return not any(read is None or isinstance(read, CellError) for read in map(convert, values))


_KINDS = frozenset((
    "type", "typ", "art", "kind", "model", "modell", "lizenzart", "lizenzmodell", "licensed by", "per", "basis", "tipo",
))  # fmt: skip


def _counts(schema: Schema, one: ColumnUse, values: Sequence[str]) -> bool:
    """Whether a column that is not used counts by its header and holds numbers: "Users", "Geräte"."""
    free = one.role == "unmapped" and bool(one.header) and bool(values) and all(map(_FIGURE.fullmatch, values))
    return free and bool(counted_in(schema, one.header))


def counted_in(schema: Schema, header: str) -> str:
    """The metric in which a column of quantities counts by its header ("Seats", "No. of devices"), or ""."""
    convert = Converter(schema.attribute("entitlement", "metric"))
    for word in (header, *reversed(_APART.split(header))):
        metric = convert(word.strip("().:")) if word.strip("().:") else None
        if metric is not None and not isinstance(metric, CellError):
            return str(metric)
    return ""


def _article(columns: Sequence[ColumnUse], samples: Sequence[Sequence[str]]) -> ColumnUse | None:
    """The column of the article's text: one that is not used, or only as notes or as the name."""
    free = {
        fold(one.header): one
        for one in reversed(columns)
        if (one.role == "unmapped" and one.header) or (one.role == "attribute" and one.name in ("notes", "name"))
    }
    for word in _ARTICLES:
        one = free.get(fold(word))
        if one is not None and not all(map(_FIGURE.fullmatch, samples[one.index])):
            return one
    return None
