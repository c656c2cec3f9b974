"""The kinds of records in words: how many of one were changed."""

from __future__ import annotations

from collections.abc import Mapping

from cmdb.model.messages import Message, counted


def records_changed(kind: str, number: int) -> Message:
    """How many records of a kind (see ``cmdb.model.revision.KINDS``) were created, changed or deleted; with
    "stated_by", how many are stated by other sources.
    """
    match kind:
        case "ci":
            return counted("{count} item changed", "{count} items changed", number)
        case "relationship":
            return counted("{count} relationship changed", "{count} relationships changed", number)
        case "group":
            return counted("{count} redundancy group changed", "{count} redundancy groups changed", number)
        case "membership":
            return counted("{count} group membership changed", "{count} group memberships changed", number)
        case "installation":
            return counted("{count} installation changed", "{count} installations changed", number)
        case "assignment":
            return counted("{count} assignment changed", "{count} assignments changed", number)
        case "stated_by":
            return counted("{count} record has other sources", "{count} records have other sources", number)
        case "alias":
            return counted("{count} former name changed", "{count} former names changed", number)
        case "event":
            return counted("{count} event recorded", "{count} events recorded", number)
        case "reservation":
            return counted("{count} reservation changed", "{count} reservations changed", number)
        case "result":
            return counted("{count} result of audits changed", "{count} results of audits changed", number)
        case "sighting":
            return counted("{count} sighting recorded", "{count} sightings recorded", number)
        case "section":
            return counted("{count} row of a section changed", "{count} rows of sections changed", number)
        case "decision":
            return counted("{count} review decision changed", "{count} review decisions changed", number)
    return _documents_changed(kind, number)


def _documents_changed(kind: str, number: int) -> Message:
    """The same, of what people and the program keep beside the items."""
    match kind:
        case "saved_view":
            return counted("{count} saved view changed", "{count} saved views changed", number)
        case "comment":
            return counted("{count} comment changed", "{count} comments changed", number)
        case "watch":
            return counted("{count} watched item changed", "{count} watched items changed", number)
        case "mapping":
            return counted("{count} mapping changed", "{count} mappings changed", number)
        case "lock":
            return counted("{count} lock changed", "{count} locks changed", number)
        case "attachment":
            return counted("{count} file changed", "{count} files changed", number)
        case "snapshot":
            return counted("{count} snapshot changed", "{count} snapshots changed", number)
        case "schema_entry":
            return counted("{count} schema entry changed", "{count} schema entries changed", number)
        case "baseline":
            return counted("{count} baseline changed", "{count} baselines changed", number)
        case "retention":
            return Message("Retention of the history changed")
        case "setting":
            return Message("Settings of the estate changed")
        case "checkpoint":
            return counted("{count} checkpoint recorded", "{count} checkpoints recorded", number)
        case "draft":
            return counted("{count} draft changed", "{count} drafts changed", number)
        case "pack":
            return counted("{count} pack changed", "{count} packs changed", number)
        case "recognition":
            return counted("{count} name recognised otherwise", "{count} names recognised otherwise", number)
        case "end_of_life":
            return counted("{count} product has other ends of life", "{count} products have other ends of life", number)
        case "migration":
            return counted("{count} change of format recorded", "{count} changes of format recorded", number)
    return counted("{count} other record changed", "{count} other records changed", number)


def records_counted(kind: str, number: int) -> Message:
    """How many records of a kind, where a source or a list names them."""
    match kind:
        case "relationship":
            return counted("{count} relationship", "{count} relationships", number)
        case "group":
            return counted("{count} redundancy group", "{count} redundancy groups", number)
        case "membership":
            return counted("{count} group membership", "{count} group memberships", number)
        case "installation":
            return counted("{count} installation", "{count} installations", number)
        case "assignment":
            return counted("{count} assignment", "{count} assignments", number)
        case "event":
            return counted("{count} dated assignment", "{count} dated assignments", number)
        case "sighting":
            return counted("{count} sighting", "{count} sightings", number)
        case "section":
            return counted("{count} row of a section", "{count} rows of sections", number)
        case "end_of_life":
            return life_cycles_counted(number)
    return records_changed(kind, number)


def life_cycles_counted(number: int) -> Message:
    """The number of products of end-of-life data."""
    return counted("{count} product of end-of-life data", "{count} products of end-of-life data", number)


KEPT_OF_SOURCES: Mapping[str, str] = {"import:endoflife.date": "end_of_life"}
"""Source → the kind of records that hold what it alone says, and that are of no item."""

_ONE: Mapping[str, Message] = {
    "ci": Message("Item"), "claim": Message("What a source says"), "relationship": Message("Relationship"),
    "group": Message("Redundancy group"), "membership": Message("Group membership"),
    "installation": Message("Installation"), "assignment": Message("Assignment"), "alias": Message("Former name"),
    "event": Message("Event"), "reservation": Message("Reservation"),
    "sighting": Message("Sighting"), "section": Message("Row of a section"),
    "decision": Message("Decision of the review"), "result": Message("Result of an audit"),
    "saved_view": Message("Saved view"), "mapping": Message("Mapping"),
    "lock": Message("Lock"), "attachment": Message("File"), "snapshot": Message("Snapshot"),
    "comment": Message("Comment"), "watch": Message("Watched item"), "schema_entry": Message("Schema entry"),
    "baseline": Message("Baseline"), "retention": Message("Retention of the history"),
    "setting": Message("Setting of the estate"), "checkpoint": Message("Checkpoint"), "draft": Message("Draft"),
    "migration": Message("Change of format"), "recognition": Message("Recognition of a name"),
    "end_of_life": Message("End-of-life data"), "pack": Message("Pack"),
}  # fmt: skip


def one_of(kind: str) -> Message | None:
    """What a record of a kind is called; None for what is no kind."""
    return _ONE.get(kind)


_FIELDS: Mapping[str, Message] = {
    "about": Message("Description"), "columns": Message("Columns"), "environment": Message("Environment"),
    "found": Message("Found by"), "group": Message("Grouping"), "installed_on": Message("Installed on"),
    "label": Message("Label"),
    "from": Message("From"), "by": Message("For whom"), "quantity": Message("Quantity"), "until": Message("Until"),
    "last_used": Message("Last used"), "name": Message("Name"), "needs": Message("How many are needed"),
    "note": Message("Note"), "since": Message("Since"), "sort": Message("Sort order"),
    "spelling": Message("Spelling"), "stated_by": Message("Sources"), "strength": Message("Strength"),
    "text": Message("Text"), "user": Message("User"), "where": Message("Filter"),
}  # fmt: skip


def field_of(name: str) -> Message | None:
    """What a field of a record that is no item is called; None for what people never see by itself."""
    return _FIELDS.get(name)
