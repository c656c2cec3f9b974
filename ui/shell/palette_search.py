"""The items, the lists and the comments that a search of the palette finds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from cmdb.model.messages import tr
from cmdb.model.relative_times import ago
from ui.palette import LIMIT, PaletteEntry
from ui.shell.palette_lists import list_offers
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from app.codes.known_values import NamedByCode
    from app.comments import FoundComment
    from app.found_lists import FoundLists
    from app.found_rows import FoundRow
    from cmdb.model.records import CI
    from ui.context import Context

_IDENTIFYING = ("asset_tag", "serial_number", "email", "host_name", "number")


def find_items(context: Context, text: str, take: Callable[[list[PaletteEntry]], None]) -> None:
    """Looks items, lists and comments up in a worker; ``take`` gets them as offers: what a code names, the lists, the
    best items, the latest comments.
    """
    from app.codes.found_codes import named_by
    from app.codes.scanner import kept_typing
    from app.comments import found_comments
    from app.found_lists import found_lists  # with the first search, not with the window
    from app.found_rows import found_with_rows

    typing = kept_typing(context.workspace.settings)

    def show(
        found: tuple[tuple[NamedByCode, ...], list[CI], dict[str, FoundRow], FoundLists, list[FoundComment]],
    ) -> None:
        named, items, rows, lists, comments = found
        coded = [one for one in named if one.attribute != "name"]
        there = {one.record.uid for one in coded}
        exact = [_offer(context, one.record, None, str(one.read)) for one in coded]
        records = [_offer(context, one, rows.get(one.uid)) for one in items if one.uid not in there]
        said = [_comment(context, one) for one in comments]
        take([*exact, *list_offers(context, text, items, lists), *records, *said])

    context.query(
        lambda reader: (
            named_by(reader, text, typing),
            *(found := found_with_rows(reader, text, LIMIT)),
            found_lists(reader, found[0]),
            found_comments(reader, text, LIMIT),
        ),
        show,
        key="palette",
    )


def _comment(context: Context, found: FoundComment) -> PaletteEntry:
    """A comment; choosing it opens its record."""
    name, cls = found.record
    note = tr("{author}, {time}: {text}", author=found.comment.by, time=ago(found.comment.at), text=found.excerpt)
    run = partial(context.shell.open_ci, found.comment.owner, cls)
    return PaletteEntry(tr("Comments"), name, run, "note", note, sure=True)


def _offer(context: Context, one: CI, by: FoundRow | None, read: str = "") -> PaletteEntry:
    """An item; ``read`` says by which code it was found. Where a row of a section is why it was found, that is said,
    and choosing it opens the row.
    """
    cls = context.schema.cls(one.cls)
    extra = [str(one.values[name]) for name in _IDENTIFYING if one.values.get(name)][:2]
    if read:
        extra = [read]
    elif by is not None:
        extra = [by.words]
    standing = cls.standing
    note = " · ".join((cls.label, *extra, text_of(standing, one.values.get(standing.name), {})))
    uid, name, said = one.uid, cls.name, note.rstrip(" ·")

    def run() -> None:
        if by is not None and context.schema.root_of(name) == "ci":
            context.shell.go("assets", uid=uid, row=(by.section, by.key))
        else:
            context.shell.open_ci(uid, name)

    return PaletteEntry(tr("Items"), one.name, run, cls.icon, said, words=note, sure=True)
