"""What is lent and comes back on a day."""

from __future__ import annotations

from app.due.model import DueDates, of_dates
from app.fact_rules import handed_out
from cmdb.model.messages import Message

RETURNS = DueDates(
    "return", "hardware", "expected_return", Message("To come back"), handed_out, who="assigned_to", remedy="take_back"
)
SOURCES = (of_dates("return", Message("Return"), RETURNS),)
