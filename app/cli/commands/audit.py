"""``audit new|list|show|record|finish [AUDIT]``: looking whether things are where the register has them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app.cli.argparse_texts import whole_number
from app.cli.context import DONE, WITH_REMARKS, CommandContext
from app.cli.output import table
from app.cli.registry import Description
from app.cli.revision_report import written
from cmdb.model.audits import APART, AUDIT, MOVE, OF_EXPECTED, SEEN, AuditCounts, AuditOutcome, AuditScope
from cmdb.model.errors import InvalidValue, NotFound, UserError
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, tr, trn

if TYPE_CHECKING:
    from app.audits.scanning import ScanAnswer
    from app.audits.sheets import AuditSheet
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.audits import Audit
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(
    Message("look whether things are where the register has them"), "records", example=("list",)
)  # fmt: skip
ACTIONS = ("new", "list", "show", "record", "finish")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, AUDIT, codes, and the options of each action."""
    parser.add_argument("action", choices=ACTIONS, help=tr("what to do"))
    parser.add_argument("audit", metavar="AUDIT", nargs="?", default="", help=tr("its number, or its name"))
    parser.add_argument(
        "codes", metavar="CODE", nargs="*", default=[],
        help=tr("record: a tag, serial number, MAC or host name; a room's label places those after it"),
    )  # fmt: skip
    parser.add_argument(
        "--place", metavar="PLACE", default="", help=tr("new: where to look; record: where it was scanned")
    )
    parser.add_argument("--class", dest="cls", metavar="CLASS", default="", help=tr("new: what to look for"))
    parser.add_argument("--owner", metavar="RECORD", default="", help=tr("new: whose things to look for"))
    parser.add_argument("--where", metavar="FILTER", default="", help=tr("new: a filter of what to look for"))
    parser.add_argument("--sample", metavar="N", type=whole_number, default=0, help=tr("new: only so many of them"))
    parser.add_argument("--blind", action="store_true", help=tr("new: show no results before it is finished"))
    parser.add_argument(
        "--from",
        dest="source",
        metavar="FILE",
        default="",
        help=tr("record: a file of codes, a scanner's memory or a folder of photographed labels; - is the input"),
    )
    parser.add_argument("--this-computer", action="store_true", help=tr("record: the computer at hand, too"))
    parser.add_argument("--condition", metavar="WORD", default="", help=tr("record: the condition of what was scanned"))
    parser.add_argument("--excuse", metavar="WHY", default="", help=tr("record: the items need not be found, and why"))
    parser.add_argument("--withdraw", action="store_true", help=tr("record: take the last scan of each code back"))
    parser.add_argument("--accept", action="store_true", help=tr("finish: take over what was seen and where"))
    parser.add_argument("--drop", action="store_true", help=tr("finish: end it, and take nothing over"))
    parser.add_argument("--keep", choices=("scanned", "register"), default="",
                        help=tr("finish --accept: the place of what was elsewhere"))  # fmt: skip
    parser.add_argument("--no-tasks", action="store_true", help=tr("finish --accept: no tasks for what is missing"))
    parser.add_argument("--out", metavar="FILE", default="", help=tr("show: write the report: .pdf, .xlsx, .csv, …"))


_OPTIONS = {
    "new": ("place", "cls", "owner", "where", "sample", "blind"), "list": (), "show": ("out",),
    "record": ("place", "source", "this_computer", "condition", "excuse", "withdraw", "codes"),
    "finish": ("accept", "drop", "keep", "no_tasks"),
}  # fmt: skip


def run(context: CommandContext) -> int:
    """Starts, lists, shows, scans for or finishes an audit; status 1 where something is missing or unknown."""
    args = context.args
    given = {name for names in _OPTIONS.values() for name in names if getattr(args, name)}
    if others := sorted(given.difference(_OPTIONS[args.action])):
        option = (
            "--class"
            if others[0] == "cls"
            else "--from"
            if others[0] == "source"
            else f"--{others[0].replace('_', '-')}"
        )
        what = "CODE" if others[0] == "codes" else option
        raise UserError(Message("{option} does not go with {command}.", option=what, command=f"audit {args.action}"))
    for word in (args.audit, args.excuse):
        context.warn_removed(word)
    if args.action == "list":
        return _list(context)
    if args.action != "new" and not args.audit:
        raise UserError(Message("Which audit? Name it: {example}.", example="AUD-1"))
    actions: dict[str, Callable[[CommandContext], int]] = {
        "new": _new, "show": _show, "record": _record, "finish": _finish,
    }  # fmt: skip
    return actions[args.action](context)


def _named(reader: Reader, word: str) -> str:
    """The id of the audit that a word means. Raises NotFound, Ambiguous, InvalidValue."""
    found = reader.find(word)
    if not reader.schema.is_a(found.cls, AUDIT):
        raise InvalidValue(Message("{name} is no audit.", name=found.name))
    return found.uid


def _uid(reader: Reader, word: str, cls: str) -> str:
    """The id of a record of a class that an option names; "" for ""."""
    if not word:
        return ""
    found = reader.find(word)
    if not reader.schema.is_a(found.cls, cls):
        label = reader.schema.cls(cls).label
        raise InvalidValue(Message("{name} is of another class than {cls}.", name=found.name, cls=label))
    return found.uid


def _write(context: CommandContext, make: Callable[[Reader], Revision]) -> AppliedRevision:
    from app import renewal

    store = context.store()
    applied = renewal.edit(store, make, lambda revision: store.apply(revision, context.control()))
    context.say_meanwhile(applied)
    return applied


# -- new, list, show --------------------------------------------------------------------------------------------------


def _new(context: CommandContext) -> int:
    from app.audits import running, sampling
    from app.audits.records import audit_of
    from cmdb.store.reading.audit_results import number_of_results

    args = context.args
    made = ""

    def make(reader: Reader) -> Revision:
        nonlocal made
        scope = AuditScope(_uid(reader, args.place, "place"), args.cls, _uid(reader, args.owner, "ci"), args.where)
        scope = sampling.sampled_scope(reader, scope, args.sample)
        revision = running.start(reader, scope, context.author, name=args.audit, blind=args.blind)
        made = next(iter(revision.edits)).record.key[0]
        return revision

    applied = _write(context, make)
    with context.read() as reader:
        audit, number = audit_of(reader, made), number_of_results(reader, made)
    document = {**_document(audit), "expected": None if audit.hidden else number, **written(applied)}
    said = tr("{number}: {name}", number=audit.number, name=audit.name)
    lines = [said] if audit.hidden else [said, trn("{count} item expected", "{count} items expected", number)]
    context.answer(document, lines)
    return DONE


def _list(context: CommandContext) -> int:
    from app.audits.sheets import audits

    with context.read() as reader:
        found = audits(reader)
        states = {one.audit.state: _state(reader, one.audit) for one in found}
    headings = (tr("Number"), tr("Name"), tr("State"), tr("Place"), tr("Expected"), tr("Checked"), tr("Started"))
    rows = [
        (one.audit.number, one.audit.name, states[one.audit.state], one.place,
         one.counts.expected if one.counts else "", one.counts.checked if one.counts else "", one.audit.started)
        for one in found
    ]  # fmt: skip
    context.answer(
        {"audits": [{**_document(one.audit), **_counts(one.counts)} for one in found]}, lambda: table(headings, rows)
    )
    return DONE


def _show(context: CommandContext) -> int:
    from app.audits.report import ENDINGS, save_report
    from app.audits.sheets import audit_sheet

    args = context.args
    out = context.output_path(args.out, ENDINGS) if args.out else None
    with context.read() as reader:
        sheet = audit_sheet(reader, _named(reader, args.audit))
        schema = reader.schema
        state = _state(reader, sheet.audit)
    if out is not None:
        save_report(schema, sheet, out, context.control())
        context.answer({**_sheet(sheet), "path": str(out)}, [tr("Written: {file}", file=out)])
    else:
        context.answer(_sheet(sheet), lambda: _shown(sheet, state))
    return _status(sheet)


def _state(reader: Reader, audit: Audit) -> str:
    from cmdb.model.state_tables import STATE
    from cmdb.model.values import label_of

    return str(label_of(reader.schema.attribute(AUDIT, STATE), audit.state))


def _status(sheet: AuditSheet) -> int:
    """Whether there is something to see to, once it is finished."""
    odd = sum(sheet.counts[one] for one in (AuditOutcome.MISSING, *APART))
    return WITH_REMARKS if odd and not sheet.audit.running else DONE


def _shown(sheet: AuditSheet, state: str) -> Iterator[str]:
    from app.audits.report import differences
    from app.audits.words import counted_outcomes, outcome_word

    running = sheet.audit.running
    yield tr("{number}: {name} ({state})", number=sheet.audit.number, name=sheet.audit.name, state=state)
    if sheet.audit.hidden:
        yield tr("It is a blind audit: results are shown when it is finished.")
        yield trn("{count} scan", "{count} scans", len(sheet.scans))
        return
    yield trn("{count} item expected", "{count} items expected", sheet.counts.expected)
    numbers = [(str(word), number) for _, word, number in counted_outcomes(sheet.counts, running=running)]
    yield from table((tr("Result"), tr("Number")), numbers)
    rows = [
        (str(outcome_word(one.outcome, running=running)),
         (one.expected.name if one.expected is not None else sheet.name(one.record)) or one.code,
         one.expected.tag if one.expected is not None else "",
         sheet.name(one.expected.place) if one.expected is not None else "",
         sheet.name(one.scan.place) if one.scan is not None else "")
        for one in differences(sheet)
    ]  # fmt: skip
    if rows:
        yield ""
        yield from table((tr("Result"), tr("Name"), tr("Asset tag"), tr("Expected in"), tr("Scanned in")), rows)


# -- scanning ---------------------------------------------------------------------------------------------------------


def _record(context: CommandContext) -> int:
    from app.audits.scanning import record_scans
    from app.cli.scanned_codes import scanned_codes, typing_here

    args = context.args
    reads = scanned_codes(context)
    codes = [one.code for one in reads]
    if not codes:
        raise UserError(Message("Nothing was scanned. Give codes, or a file of them with {option}.", option="--from"))
    if args.excuse or args.withdraw:
        return _otherwise(context, codes)
    answers: Sequence[ScanAnswer] = ()

    def make(reader: Reader) -> Revision:
        nonlocal answers
        found = record_scans(
            reader, _named(reader, args.audit), reads, context.author,
            place=_uid(reader, args.place, "place"), typing=typing_here(), control=context.control(),
        )  # fmt: skip
        answers = found.answers
        return found.revision

    applied = _write(context, make)
    sheet = _sheet_of(context)
    context.answer(
        {**_counts(None if sheet.audit.hidden else sheet.counts), **written(applied),
         "scans": [_answer(code, one) for code, one in zip(codes, answers, strict=True)]},
        lambda: _told(sheet, codes, answers),
    )  # fmt: skip
    odd = any(one.remark or one.outcome is AuditOutcome.UNKNOWN for one in answers)
    return WITH_REMARKS if odd else DONE


def _otherwise(context: CommandContext, codes: Sequence[str]) -> int:
    """Excuses the items of codes, or takes their last scans back."""
    from app.audits.running import excuse
    from app.audits.scanning import withdraw_scan

    args = context.args
    if args.excuse and args.withdraw:
        raise UserError(Message("Give {one} or {other}, not both.", one="--excuse", other="--withdraw"))
    if args.withdraw and len(codes) > 1:
        raise UserError(Message("One scan is taken back at a time."))

    def make(reader: Reader) -> Revision:
        audit = _named(reader, args.audit)
        if args.excuse:
            return excuse(reader, audit, [_item(reader, code) for code in codes], args.excuse, context.author)
        return withdraw_scan(reader, audit, _last_scan(reader, audit, codes[0]), context.author)

    applied = _write(context, make)
    sheet = _sheet_of(context)
    said = tr("Taken back.") if args.withdraw else trn("{count} item excused", "{count} items excused", len(codes))
    context.answer({**_counts(None if sheet.audit.hidden else sheet.counts), **written(applied)}, [said])
    return DONE


def _item(reader: Reader, code: str) -> str:
    from app.codes.resolve import resolve

    found = resolve(reader, code).record
    return found.uid if found is not None else reader.find(code).uid


def _last_scan(reader: Reader, audit: str, code: str) -> str:
    """The last scan of a code, or of the item that it means. Raises NotFound."""
    from app.audits.records import rows_of
    from app.codes.resolve import resolve

    found = resolve(reader, code)
    uid = found.record.uid if found.record is not None else ""
    scans = [one for one in rows_of(reader, audit).scans if not one.withdrawn]
    its = [one for one in scans if (uid and one.record == uid) or one.code.casefold() == found.code.casefold()]
    if not its:
        raise NotFound(Message("{code} was not scanned.", code=found.code))
    return max(its, key=lambda one: one.order).id


def _told(sheet: AuditSheet, codes: Sequence[str], answers: Sequence[ScanAnswer]) -> Iterator[str]:
    from app.audits.words import outcome_word

    rows = []
    for code, one in zip(codes, answers, strict=True):
        shown = tr("Recorded") if one.scan is not None else tr("Not recorded")
        name = one.record.name if one.record is not None else ""
        if one.outcome is not None:
            shown = str(outcome_word(one.outcome))
        elif one.read is not None and one.read.kind == "place":
            shown, name = tr("Place"), one.read.named[0].record.name
        rows.append((shown, one.scan.code if one.scan is not None else code, name, str(one.remark or "")))
    yield from table((tr("Result"), tr("Code"), tr("Item"), tr("Remark")), rows)
    if not sheet.audit.hidden:
        yield tr("{checked} of {expected} checked", checked=sheet.counts.checked, expected=sheet.counts.expected)


def _answer(code: str, one: ScanAnswer) -> dict[str, Any]:
    found: dict[str, Any] = {"code": one.scan.code if one.scan is not None else code}
    if one.scan is not None:
        found["id"] = one.scan.id
    if one.outcome is not None:
        found["result"] = str(one.outcome)
    if one.record is not None:
        found |= {"record": one.record.uid, "name": one.record.name}
    if one.several:
        found["several"] = [{"id": its.uid, "name": its.name} for its in one.several]
    if one.remark is not None:
        found["remark"] = str(one.remark)
    return found


# -- the end ----------------------------------------------------------------------------------------------------------


def _finish(context: CommandContext) -> int:
    from app.audits import acceptance, running
    from app.audits.sheets import audit_sheet

    args = context.args
    if args.drop and args.accept:
        raise UserError(Message("Give {one} or {other}, not both.", one="--accept", other="--drop"))
    if (args.keep or args.no_tasks) and not args.accept:
        raise UserError(Message("{option} goes with {other}.", option="--keep" if args.keep else "--no-tasks",
                                other="--accept"))  # fmt: skip
    with context.read() as reader:
        uid = _named(reader, args.audit)
        is_running = audit_sheet(reader, uid).audit.running
    if args.drop:
        applied = _write(context, lambda reader: running.drop(reader, uid, context.author))
    else:
        if is_running or not args.accept:
            applied = _write(context, lambda reader: running.finish(reader, uid, context.author))
        if args.accept:
            applied = _write(
                context,
                lambda reader: acceptance.accept(
                    reader, uid, context.author, choices=_choices(reader, uid, args.keep), tasks=not args.no_tasks
                ),
            )
    sheet = _sheet_of(context)
    with context.read() as reader:
        state = _state(reader, sheet.audit)
    context.answer(
        {**_sheet(sheet), **written(applied)},
        lambda: (*_shown(sheet, state), "", tr("Revision {number}. Take it back with: {command}",
                 number=Plain(applied.number), command=f"undo {applied.number}")),
    )  # fmt: skip
    return _status(sheet)


def _choices(reader: Reader, uid: str, keep: str) -> dict[str, str]:
    """What becomes of all that was elsewhere, where the command says so."""
    from app.audits.sheets import audit_sheet

    if not keep:
        return {}
    wanted = (AuditOutcome.ELSEWHERE, AuditOutcome.OUTSIDE)
    choice = MOVE if keep == "scanned" else SEEN
    return {one.record: choice for one in audit_sheet(reader, uid).results if one.outcome in wanted}


# -- documents --------------------------------------------------------------------------------------------------------


def _sheet_of(context: CommandContext) -> AuditSheet:
    from app.audits.sheets import audit_sheet

    with context.read() as reader:
        return audit_sheet(reader, _named(reader, context.args.audit))


def _document(audit: Audit) -> dict[str, Any]:
    return {
        "number": audit.number, "name": audit.name, "id": audit.uid, "state": audit.state, "blind": audit.blind,
        "started": audit.started, "started_by": audit.started_by,
        **({"finished": audit.finished} if audit.finished else {}),
        **({"accepted": audit.accepted, "accepted_by": audit.accepted_by} if audit.accepted else {}),
    }  # fmt: skip


def _counts(counts: AuditCounts | None) -> dict[str, Any]:
    """The number of each result; null while they are hidden."""
    if counts is None:
        return {"expected": None, "counts": None}
    return {
        "expected": counts.expected,
        "counts": {str(one): counts[one] for one in (*OF_EXPECTED, *APART)},
        "marks": {str(one): number for one, number in sorted(counts.marks.items())},
    }


def _sheet(sheet: AuditSheet) -> dict[str, Any]:
    hidden = sheet.audit.hidden
    return {
        **_document(sheet.audit),
        **_counts(None if hidden else sheet.counts),
        "scans": len(sheet.scans),
        "results": [
            {
                "result": str(one.outcome),
                **({"id": one.record} if one.record else {}),
                "name": one.expected.name if one.expected is not None else sheet.name(one.record),
                **({"tag": one.expected.tag} if one.expected is not None and one.expected.tag else {}),
                **({"expected_in": sheet.name(one.expected.place)} if one.expected is not None else {}),
                **({"scanned_in": sheet.name(one.scan.place), "code": one.code} if one.scan is not None else {}),
            }
            for one in sheet.results
        ],
    }
