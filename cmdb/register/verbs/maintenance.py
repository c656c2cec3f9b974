"""The end of a maintenance: its result and cost, and when it is due again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cmdb.model.messages import EMPTY, Message, counted
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.state_tables import CLOSED, STATE
from cmdb.model.values import label_of
from cmdb.model.verb import Records, Values, Verb, VerbField
from cmdb.register.maintenance import FINISH, MAINTENANCE, back, following
from cmdb.register.verbs.shared_fields import NOTE, day_of, moment_text, revision


def _field(name: str, label: Message, help: Message) -> VerbField:
    return VerbField(name, label, attribute=name, of=MAINTENANCE, help=help)


SUPPLIER = _field("supplier", Message("Supplier"), Message("Who does or did the work."))
UNDER_WARRANTY = _field("under_warranty", Message("Under warranty"), Message("The warranty covers it."))
RESULT = _field("result", Message("Result"), Message("How it ended."))
COST = _field("cost", Message("Cost"), Message("What it cost."))
CURRENCY = _field("currency", Message("Currency"), Message("Of the cost, such as EUR."))


def finish(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Maintenance is done. What is due again is planned anew, about the same records."""
    schema, day = records.schema, day_of(at)

    def of(one: CI) -> Values:
        after = schema.cls(one.cls).transitions[FINISH].after
        return {STATE: after, CLOSED: moment_text(at), **back(one, day, values)}

    made = revision(records, uids, of, author, Message("Maintenance finished"), values.get("note"))
    return replace(made, edits=[*made.edits, *following(records, uids, day, values)])


def _why_not(schema: Schema, record: CI) -> Message:
    found, state = schema.cls(record.cls), record.values.get(STATE)
    if state in found.transitions[FINISH].before:
        return EMPTY
    return Message("{name} is “{state}”", name=record.name, state=label_of(found.attributes[STATE], str(state)))


def _finished(name: str, number: int, _: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} finished", name=name)
    return counted("{count} item finished", "{count} items finished", number)


VERBS = (
    Verb(
        name=FINISH,
        title=Message("Finish maintenance"),
        icon="check",
        help=Message("say how maintenance ended, and what it cost"),
        done=_finished,
        make=finish,
        classes=(MAINTENANCE,),
        roots=("work",),
        fits=lambda schema, cls: FINISH in schema.cls(cls).transitions,
        why_not=_why_not,
        fields=(
            RESULT, COST, CURRENCY, UNDER_WARRANTY, SUPPLIER,
            _field("next_due", Message("Next due"),
                   Message("When it is due again; else after its interval, counted from this day.")),
            NOTE,
        ),
        about=Message("What is due again is planned at once."),
        order=425,
    ),
)  # fmt: skip
