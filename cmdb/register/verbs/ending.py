"""The end of use."""

from __future__ import annotations

from collections.abc import Sequence

from cmdb.model.life_cycle import status_for
from cmdb.model.phase import Phase
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.verb import Records, Values, Verb
from cmdb.register.verbs.changing import CONDITION, NOTE, condition, day_of, phase, revision, sets_status, status_word


def retire(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Ends the use of CIs: the status, the date, and nobody has them any more."""
    day = day_of(at)

    def of(one: CI) -> Values:
        status = status_for(records.schema, one.cls, "retire")
        return {"status": status, "assigned_to": None, "retired_on": day, **condition(values)}

    return revision(records, uids, of, author, f"Retired on {day}", values.get("note"))


def _over(schema: Schema, record: CI) -> str:
    ended = phase(schema, record) in (Phase.LEAVING, Phase.GONE)
    return f"is {status_word(schema, record).lower()} already" if ended else ""


VERBS = (
    Verb(
        name="retire",
        title="Retire",
        icon="retire",
        help="end the use of records; they stay in the register",
        done="{records} retired",
        make=retire,
        fits=sets_status("retire"),
        why_not=_over,
        fields=(CONDITION, NOTE),
        about="It stays in the register with its history; nobody has it any more. Licences tied to it end with it.",
        order=210,
        common=True,
    ),
)
