"""Unknown codes in the review: what each was, where it was scanned, and its answers."""

from __future__ import annotations

from collections.abc import Callable

from app.codes.resolve import resolve
from app.codes.unknown_codes import UnknownScan, asked
from cmdb.model.revision import Revision
from ui.context import Context
from ui.pages.review.page import ReviewPage

Settle = Callable[..., None]


def again(page: ReviewPage, settle: Settle) -> None:
    """As the window does after a revision."""
    settle(tasks=page.context.tasks)
    page.opened()
    settle(tasks=page.context.tasks)


def test_an_unknown_code_is_a_new_item_or_one_that_is_known(context: Context, settle: Settle) -> None:
    scans = [UnknownScan(code, "2026-11-30T10:00:00.000Z", "Room 2.14", "", "anna") for code in ("X-1", "X-2")]
    with context.workspace.read() as reader:
        edits = asked(reader, scans)
    context.workspace.apply(Revision(edits, "anna"))
    page = ReviewPage(context)
    page.resize(1100, 760)
    page.show()
    page.opened()
    settle(tasks=context.tasks)
    assert page.question is not None
    first = page.question.name
    assert page.question.kind == "code"
    page.decide("monitor")
    again(page, settle)
    with context.workspace.read() as reader:
        made = resolve(reader, first).record
        assert made is not None
        assert made.cls == "monitor"
    assert page.known is not None
    page.known.picked.emit(made.uid)
    again(page, settle)
    assert page.question is None
    with context.workspace.read() as reader:
        assert [resolve(reader, code).record for code in ("X-1", "X-2")] == [reader.get(made.uid)] * 2
