"""The tour's stops that bring something in: this computer, and the sample's spreadsheets."""

from __future__ import annotations

import platform
from datetime import date

from app import intake
from cmdb.store import Reader, Selection
from ui.pages.import_.page import APPLY, ImportPage
from ui.tour.guide import Guide, Stuck


def take_in(guide: Guide, today: date) -> None:
    """The sample's spreadsheets through the import page, step by step, compared with a reconciliation of its own."""
    from app.sample import sheets

    with guide.stop("Import of the sample's spreadsheets"):
        files = sheets.write(guide.folder / "spreadsheets", today)
        store = guide.context.workspace.store
        expected = intake.propose(store, intake.read(files, store.schema), "tour")
        guide.window.services.go("import", files=[str(path) for path in files])
        guide.rest()
        page = guide.page("import")
        if not isinstance(page, ImportPage):
            raise Stuck("the import page is another")
        for name in ("import-open", "import-map", "import-check", "import-compare"):
            guide.picture(f"{name}-light")
            guide.until(page.next_button.isEnabled, f"the next step after {name}")
            page.next_button.click()
            guide.rest()
        guide.check(page.step == APPLY, "the import was not applied")
        guide.picture("import-applied-light")
        applied = page.flow.result
        if applied is None:
            raise Stuck("the import has no result")
        guide.say(
            f"  {len(files)} files, {expected.read} rows: {len(applied.created)} new, {expected.updated} changed, "
            f"{expected.rejected} rejected, {len(expected.problems)} problems, {len(expected.review)} to review"
        )
        guide.check(expected.created > 0, "the spreadsheets hold nothing new")
        guide.check(
            len(applied.created) == expected.created, f"{len(applied.created)} records came, {expected.created} should"
        )
        guide.check(expected.rejected > 0, "spreadsheets as ugly as these have rows to reject")
        again = intake.propose(store, intake.read(files, store.schema), "tour")
        guide.check(
            (again.created, again.updated) == (0, 0),
            f"a second time would create {again.created} and change {again.updated}",
        )
        guide.imported = applied.number


def undo_import(guide: Guide) -> None:
    """Takes the import back, as one would days later."""
    with guide.stop("The import taken back"):
        if not guide.imported:
            raise Stuck("nothing was imported")
        with guide.read() as reader:
            before = reader.count(Selection())
        applied = guide.context.workspace.undo_revision(guide.imported)
        guide.rest()
        with guide.read() as reader:
            after = reader.count(Selection())
            header = reader.revision(guide.imported)
        guide.say(f"  {before - after} records fewer, {len(applied.kept)} kept because they changed since")
        guide.check(header.undone_by == applied.number, "the journal does not say that it was undone")
        guide.check(before - after == len(applied.deleted) > 0, f"{before - after} records went")


def computer_here(reader: Reader) -> str:
    """The id of this computer's record, "" where there is none."""
    name = platform.node().split(".")[0]
    found = [
        r for r in reader.all(Selection("computer", f'host_name ~ "{name}"')) if r.name.casefold() == name.casefold()
    ]
    return found[0].uid if len(found) == 1 else ""
