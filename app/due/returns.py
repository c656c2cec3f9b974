"""What is lent and comes back on a day."""

from __future__ import annotations

from app.due.model import DueDates, of_dates
from app.fact_rules import staying
from cmdb.model.messages import Message
from cmdb.model.schema import Schema

_HANDED_OUT = "assigned_to is not empty"


def _lent(schema: Schema) -> str:
    return " and ".join((_HANDED_OUT, staying(schema, "hardware")))


RETURNS = DueDates(
    "return", "hardware", "expected_return", Message("To come back"), _lent, who="assigned_to", remedy="take_back"
)
SOURCES = (of_dates("return", Message("Return"), RETURNS),)
