"""Where a map may begin: the services that matter most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.fact_rules import staying
from cmdb.model.query import quote
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader


def critical_services(reader: Reader, most: int) -> list[CI]:
    """The first ``most`` services that have not left, the most critical first, then in the order of names."""
    schema = reader.schema
    if "service" not in schema.classes:
        return []
    attribute = schema.all_attributes("service").get("criticality")
    levels = [f"criticality = {quote(choice.value)}" for choice in attribute.choices] if attribute is not None else []
    found: dict[str, CI] = {}
    for level in (*levels, ""):
        if len(found) < most:
            where = " and ".join(filter(None, (level, staying(schema, "service"))))
            page = reader.page(Selection("service", where, sort="name"), limit=most + len(found))
            found.update((one.uid, one) for one in page if one.uid not in found)
    return list(found.values())[:most]
