"""The stops of the tour, in order."""

from __future__ import annotations

from ui.pages import entries
from ui.tour.guide import Guide


def take(guide: Guide) -> None:
    """The whole tour."""
    with guide.stop("The first start"):
        guide.window.show_start()
        guide.picture("start-light")
    open_sample(guide)
    for look in ("light", "dark"):
        walk(guide, look)


def open_sample(guide: Guide) -> None:
    """Makes the sample estate and opens it."""
    with guide.stop("Opening the sample estate"):
        path = guide.folder / "sample.terrier"
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        guide.window.estate.create_sample(str(path))
        guide.until(guide.window.is_open, "the sample estate to open")
        guide.rest()
        with guide.read() as reader:
            records = sum(reader.counts().values())
        guide.say(f"  {records:,} records")
        guide.check(records > 2000, f"the sample has {records} records, not over 2,000")


def walk(guide: Guide, look: str) -> None:
    """Every page, with a picture of each."""
    guide.look(look)
    for entry in entries():
        name = entry.id
        with guide.stop(f"Page {name}, {look}"):
            guide.page(name)
            guide.check(guide.window.stack.current == name, "the page did not open")
            guide.picture(f"{name}-{look}")
