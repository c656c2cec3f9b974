"""Receipts: signed, declined, or void."""

from __future__ import annotations

from collections.abc import Sequence

from cmdb.model.messages import EMPTY, Message, counted
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.state_tables import STATE
from cmdb.model.verb import FieldValue, Records, Values, Verb, VerbField
from cmdb.register.edits import each
from cmdb.register.verbs.shared_fields import day_of, moment_text, revision
from cmdb.register.verbs.task_states import no_line, work_verb

_SIGNER = "signer"


def sign(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Receipts are signed: by the person whom each names, on a day, on paper or on the screen.

    Without a name as it was written, it is the person's.
    """
    day = day_of(at)
    people = records.by_uid({one.text(_SIGNER) for one in each(records, uids)} - {""})

    def of(one: CI) -> Values:
        person = people.get(one.text(_SIGNER))
        found: dict[str, FieldValue] = {
            STATE: records.schema.cls(one.cls).transitions["sign"].after,
            "closed": moment_text(at),
            "signed_on": day.isoformat(),
            "signed_how": values["signed_how"],
            "signed_as": values.get("signed_as") or (person.name if person is not None else None),
            "reason": None,
        }
        return found

    return revision(records, uids, of, author, Message("Signed on {day}", day=day), values.get("note"))


def _nobody_signs(schema: Schema, record: CI) -> Message:
    """Why a receipt can't be signed: it names no person, or it is over."""
    why = no_line("sign")(schema, record)
    if why or record.text(_SIGNER):
        return why
    return Message("{name} names nobody who signs", name=record.name)


_DECLINED_WHY = VerbField(
    "reason", Message("Reason"), attribute="reason", required=True, help=Message("Why the person does not sign.")
)
_VOID_WHY = VerbField(
    "reason", Message("Reason"), attribute="reason", required=True, help=Message("Why it no longer counts.")
)
VERBS: tuple[Verb, ...] = (
    work_verb(
        "sign", Message("Sign"), "edit", Message("say that receipts are signed"),
        (lambda name: Message("{name} signed", name=name),
         lambda n: counted("{count} item signed", "{count} items signed", n)),
        EMPTY, 460, "Alt+G",
        VerbField(
            "signed_how", Message("Signed how"), attribute="signed_how", required=True,
            help=Message("On paper or on the screen."),
        ),
        VerbField(
            "signed_as", Message("Signed as"), attribute="signed_as",
            help=Message("The name as it was written; by default the person's."),
        ),
        make=sign, why_not=_nobody_signs, common=True,
    ),
    work_verb(
        "decline", Message("Decline"), "close", Message("say that a person does not sign, and why"),
        (lambda name: Message("{name} declined", name=name),
         lambda n: counted("{count} item declined", "{count} items declined", n)),
        Message("Declined"), 470, "", _DECLINED_WHY,
    ),
    work_verb(
        "void", Message("Make void"), "trash", Message("say that receipts no longer count"),
        (lambda name: Message("{name} is void", name=name),
         lambda n: counted("{count} item is void", "{count} items are void", n)),
        Message("Void"), 480, "", _VOID_WHY,
    ),
)  # fmt: skip
