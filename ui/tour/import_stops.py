"""The tour's stops for scan and import: this computer, and the sample's spreadsheets."""

from __future__ import annotations

from collections import Counter
from datetime import date

from app import import_proposal
from cmdb.model.selection import Selection
from importers.inventory import reading
from ui.pages.import_.page import APPLY, ImportPage
from ui.pages.scan.page import ScanPage
from ui.tour.guide import Guide, TourTimeout


def scan(guide: Guide) -> None:
    """The real computer is scanned, compared, added to the register, and found there with its software."""
    with guide.stop("Scan of this computer"):
        page = guide.page("scan")
        if not isinstance(page, ScanPage):
            raise TourTimeout("the scan page is another")
        page.scan_button.click()
        guide.rest()
        inventory, prepared = page.inventory, page.prepared
        if inventory is None or prepared is None:
            raise TourTimeout("the scan came to no proposal")
        guide.picture("scan-found-light")
        states = Counter(outcome.state for outcome in inventory.outcomes)
        guide.say("  collectors: " + ", ".join(f"{number} {state}" for state, number in states.most_common()))
        guide.check(states["failed"] == 0, f"{states['failed']} collectors failed")
        guide.check(states["collected"] >= 5, f"only {states['collected']} collectors found something")
        guide.check(prepared.proposal.created >= 1, "the scan would create nothing")
        page.save_to(guide.folder / "inventory.json")
        page.put.click()
        guide.rest()
        guide.picture("scan-applied-light")
        uid = page.verdict.uid if page.verdict is not None else ""
        with guide.read() as reader:
            record = reader.by_uid([uid]).get(uid)
            software = reader.installations(uid) if record else []
            sources = {claim.source.partition(":")[0] for found in reader.claims(uid).values() for claim in found}
        if record is None:
            raise TourTimeout("this computer is not in the register")
        guide.say(f"  {record.name}: {len(record.values)} values, {len(software)} programs and packages")
        guide.check(bool(record.values.get("memory")), "its memory is not known")
        guide.check(bool(record.values.get("operating_system")), "its operating system is not known")
        listed = len(inventory.document["content"].get("softwares", ()))
        guide.check(0 < len(software) <= listed, f"{len(software)} installations of {listed} found")
        guide.check(sources == {"scan"}, f"its values come from {', '.join(sorted(sources))}")
        again = import_proposal.propose(guide.context.workspace.store, [reading(inventory.document)], "tour")
        guide.check((again.created, again.updated) == (0, 0), "the same scan a second time would change something")


def take_in(guide: Guide, today: date) -> None:
    """The sample's spreadsheets through the import page, step by step, compared with a reconciliation of its own."""
    from app.sample import spreadsheets

    with guide.stop("Import of the sample's spreadsheets"):
        files = spreadsheets.write(guide.folder / "spreadsheets", today)
        store = guide.context.workspace.store
        expected = import_proposal.propose(store, import_proposal.read_files(files, store.schema)[0], "tour")
        guide.window.services.go("import", files=[str(path) for path in files])
        guide.rest()
        page = guide.page("import")
        if not isinstance(page, ImportPage):
            raise TourTimeout("the import page is another")
        for name in ("import-open", "import-map", "import-check", "import-compare"):
            guide.picture(f"{name}-light")
            guide.until(page.next_button.isEnabled, f"the next step after {name}")
            page.next_button.click()
            guide.rest()
        guide.check(page.step == APPLY, "the import was not applied")
        guide.picture("import-applied-light")
        applied = page.flow.result
        if applied is None:
            raise TourTimeout("the import has no result")
        guide.say(
            f"  {len(files)} files, {expected.read} rows: {len(applied.created)} new, {expected.updated} changed, "
            f"{expected.rejected} rejected, {len(expected.problems)} problems, {len(expected.review)} to review"
        )
        guide.check(expected.created > 0, "the spreadsheets hold nothing new")
        guide.check(
            len(applied.created) == expected.created, f"{len(applied.created)} records came, {expected.created} should"
        )
        guide.check(expected.rejected > 0, "spreadsheets as ugly as these have rows to reject")
        again = import_proposal.propose(store, import_proposal.read_files(files, store.schema)[0], "tour")
        guide.check(
            (again.created, again.updated) == (0, 0),
            f"a second time would create {again.created} and change {again.updated}",
        )
        guide.imported = applied.number


def undo_import(guide: Guide) -> None:
    """Takes the import back, as one would days later."""
    with guide.stop("The import taken back"):
        if not guide.imported:
            raise TourTimeout("nothing was imported")
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
