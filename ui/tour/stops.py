"""The stops of the tour, in order: the first steps of a new user."""

from __future__ import annotations

from cmdb.model import clock
from cmdb.model.formats import number
from cmdb.model.selection import Selection
from ui.pages import entries
from ui.tour import import_stops, question_stops
from ui.tour.guide import Guide


def take(guide: Guide) -> None:
    """The whole tour: once through the main job in light, then every page again in dark."""
    with guide.stop("The first start offers three ways to begin"):
        guide.window.show_start()
        guide.picture("start-light")
    open_sample(guide)
    walk(guide, "light")
    question_stops.find(guide)
    import_stops.scan(guide)
    import_stops.take_in(guide, clock.today())
    question_stops.impact(guide)
    question_stops.licences(guide)
    question_stops.reports(guide)
    question_stops.edit_and_undo(guide)
    walk(guide, "dark")
    import_stops.undo_import(guide)


def open_sample(guide: Guide) -> None:
    """Makes the sample estate and opens it, as the start page's button does."""
    with guide.stop("The sample estate"):
        path = guide.folder / "sample.terrier"
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        guide.window.estate.create_sample(str(path))
        guide.until(guide.window.is_open, "the sample estate to open")
        guide.rest()
        with guide.read() as reader:
            records, revisions = reader.count(Selection()), reader.number
        guide.say(f"  {number(records)} records, {revisions} revisions")
        guide.check(records > 2000, f"the sample has {records} records, not over 2,000")
        guide.check(revisions > 50, f"the sample has {revisions} revisions, no two years of history")


def walk(guide: Guide, look: str) -> None:
    """Every page, with a picture of each."""
    guide.look(look)
    for entry in entries():
        with guide.stop(f"{entry.title}, {look}"):
            guide.page(entry.id)
            guide.check(guide.window.stack.current == entry.id, "the page did not open")
            guide.picture(f"{entry.id}-{look}")
