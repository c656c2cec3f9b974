"""The metric of licences in sheets that don't say it: as the software catalogue has it for the product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from cmdb.licences.engine.catalogue import Catalogue
from cmdb.model.messages import Message, counted
from importers.spreadsheets.cells.table import SheetTable


@cache
def _catalogue() -> Catalogue:
    return Catalogue.load()


def fill_metrics(table: SheetTable, values: dict[str, list[Any]], headers: dict[str, str]) -> None:
    """Fills in the metric of rows where no column and no constant says it, and says so once for each metric.

    ``values``: attribute → its column; ``headers``: attribute → its header. Products that may be licensed by several
    metrics, or are not known, stay without one.
    """
    if "metric" in headers or "product" not in values or table.mapping.tool or table.options.strict:
        return
    metric = table.schema.attribute("entitlement", "metric")
    labels = {choice.value: choice.label for choice in metric.choices}
    if said := table.mapping.constants.get("metric"):
        message = Message(
            "There is no column for {attribute}. By the header {column} it is {metric}.",
            attribute=metric.label, column=headers.get("quantity", ""), metric=labels.get(said, said),
        )  # fmt: skip
        if not table.mapping.name:
            table.warn(table.sheet.header_row, headers.get("quantity", ""), "", message, "metric", "metric.header")
        return
    known = {product: metric_of(product, "") for product in set(values["product"]) if isinstance(product, str)}
    found: Sequence[str | None] = [known.get(product) for product in values["product"]]
    values["metric"] = list(found)
    for one, count in sorted(Counter(filter(None, found)).items()):
        message = counted(
            "There is no column for {attribute}. For {count} row it is {metric}, as the software catalogue says.",
            "There is no column for {attribute}. For {count} rows it is {metric}, as the software catalogue says.",
            count,
            attribute=metric.label,
            metric=labels.get(one, one),
        )
        table.warn(table.sheet.header_row, "", "", message, "metric", "metric.catalogue")


def metric_of(product: str, publisher: str) -> str | None:
    """The only metric by which a product is licensed, as far as the catalogue knows it; else None."""
    known = _catalogue().recognise(product, publisher).product
    only = known.listed and known.metric and not known.metrics and not known.edition_metrics
    return known.metric if only else None
