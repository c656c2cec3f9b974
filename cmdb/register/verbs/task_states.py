"""Verbs of work: each leads along a line of its class's state table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cmdb.model.messages import EMPTY, Message, counted
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.state_tables import STATE, is_closed
from cmdb.model.values import label_of
from cmdb.model.verb import FieldValue, Make, Records, Values, Verb, VerbField
from cmdb.register.verbs.shared_fields import NOTE, moment_text, revision

REASON = VerbField("reason", Message("Reason"), attribute="reason", help=Message("Why it ended as it did."))
WHY_NOT_DONE = VerbField(
    "reason", Message("Reason"), attribute="reason", required=True, help=Message("Why it is not done.")
)


def leading(verb: str, reason: Message) -> Make:
    """What makes the revision of a verb: the state that the table says, and when it was closed."""

    def make(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
        schema = records.schema

        def of(one: CI) -> Values:
            after = schema.cls(one.cls).transitions[verb].after
            closes = is_closed(schema, one.cls, after)
            found: dict[str, FieldValue] = {STATE: after, "closed": moment_text(at) if closes else None}
            if not closes:
                found["reason"] = None
            elif values.get("reason"):
                found["reason"] = values["reason"]
            return found

        return revision(records, uids, of, author, reason, values.get("note"))

    return make


def has_line(verb: str) -> Callable[[Schema, str], bool]:
    """For ``Verb.fits``: the class's state table has the verb."""
    return lambda schema, cls: verb in schema.cls(cls).transitions


def no_line(verb: str) -> Callable[[Schema, CI], Message]:
    """For ``Verb.why_not``: no line of the verb begins at the record's state."""

    def why(schema: Schema, record: CI) -> Message:
        found = schema.cls(record.cls)
        state = record.values.get(STATE)
        if state in found.transitions[verb].before:
            return EMPTY
        return Message("{name} is “{state}”", name=record.name, state=label_of(found.attributes[STATE], str(state)))

    return why


def work_verb(
    name: str,
    title: Message,
    icon: str,
    help: Message,
    done: tuple[Callable[[str], Message], Callable[[int], Message]],
    reason: Message,
    order: int,
    keys: str,
    *fields: VerbField,
    make: Make | None = None,
    why_not: Callable[[Schema, CI], Message] | None = None,
    common: bool = False,
) -> Verb:
    """A verb of work. ``done`` words what is said afterwards, of one piece of work and of many; ``reason`` is the
    revision's; without ``make`` it leads along the state table.
    """
    one, many = done

    def said(record: str, number: int, _: Mapping[str, str]) -> Message:
        return one(record) if record else many(number)

    return Verb(
        name=name,
        title=title,
        icon=icon,
        help=help,
        done=said,
        make=make or leading(name, reason),
        classes=("work",),
        roots=("work",),
        fits=has_line(name),
        why_not=why_not or no_line(name),
        fields=(*fields, NOTE),
        order=order,
        keys=keys,
        common=common,
    )


VERBS = (
    work_verb(
        "start", Message("Start"), "play", Message("begin to work on tasks"),
        (lambda name: Message("{name} started", name=name),
         lambda n: counted("{count} item started", "{count} items started", n)),
        Message("Started"), 400, "Alt+S", common=True,
    ),
    work_verb(
        "put_back", Message("Put back"), "pause", Message("leave tasks for somebody else or for later"),
        (lambda name: Message("{name} put back", name=name),
         lambda n: counted("{count} item put back", "{count} items put back", n)),
        Message("Put back"), 410, "Alt+P",
    ),
    work_verb(
        "complete", Message("Complete"), "check", Message("say that tasks are done"),
        (lambda name: Message("{name} completed", name=name),
         lambda n: counted("{count} item completed", "{count} items completed", n)),
        Message("Completed"), 420, "Alt+D", REASON, common=True,
    ),
    work_verb(
        "fail", Message("Fail"), "warning", Message("say that tasks were tried and did not succeed"),
        (lambda name: Message("{name} failed", name=name),
         lambda n: counted("{count} item failed", "{count} items failed", n)),
        Message("Failed"), 430, "Alt+F", REASON,
    ),
    work_verb(
        "skip", Message("Skip"), "close", Message("say that tasks will not be done, and why"),
        (lambda name: Message("{name} skipped", name=name),
         lambda n: counted("{count} item skipped", "{count} items skipped", n)),
        Message("Skipped"), 440, "Alt+K", WHY_NOT_DONE,
    ),
    work_verb(
        "reopen", Message("Reopen"), "refresh", Message("take up tasks again that were over"),
        (lambda name: Message("{name} reopened", name=name),
         lambda n: counted("{count} item reopened", "{count} items reopened", n)),
        Message("Reopened"), 450, "Alt+O",
    ),
)  # fmt: skip
