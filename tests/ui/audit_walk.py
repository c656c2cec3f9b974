"""Audits in the walk through the window: one that runs with a scan of each kind, its sheets, its end; a blind one."""

from __future__ import annotations

from typing import Any

from app.audits.running import start
from cmdb.model.audits import AuditScope
from cmdb.model.selection import Selection
from ui.pages.audits.page import AuditsPage
from ui.pages.audits.scan_sheets import ask_which


def walk_audits(walk: Any) -> None:
    """The list, the sheet of a new audit, a running audit with its sheets, a finished and a blind one, and a stack."""
    window = walk.window
    page = window.stack.page("audits")
    assert isinstance(page, AuditsPage)
    _sheet(walk, page.new)
    with window.estate.workspace.store.read() as reader:
        laptops = reader.page(Selection("laptop"), limit=3)
        room = reader.page(Selection("place"), limit=1)[0]
    _begin(walk, blind=False)
    walk.look_at_page("audits")
    for code in (str(laptops[0].values["asset_tag"]), str(laptops[0].values["asset_tag"]), room.name, "άγνωστο"):
        page.codes.read(code)
        walk.rest(lambda: page.queue.number == 0)
        walk.look_at_page("audits")
    for answer in ("make", "tie"):
        scan = page.answers.scan
        assert scan is not None
        _sheet(walk, lambda key=scan.key, said=answer: page.answers.answer(key, said))
    _sheet(walk, lambda: ask_which(page.context, "κωδικός", [(one.uid, one.name) for one in laptops], lambda _: None))
    page.codes.read(str(laptops[1].values["asset_tag"]))
    walk.rest(lambda: page.queue.number == 0)
    row = next(one for one in page.audit.rows if one.uid == laptops[2].uid)
    for run in (page.answers.ask_note, lambda: page.answers.place("other"), lambda: page.course.ask_room(page.go_to),
                page.ask_codes, page.screen_.line.test_wanted.emit, lambda: page.row_menu.ask_excuse(row)):  # fmt: skip
        _sheet(walk, run)
    page.screen_.line.offer("κωδικός")
    page.screen_.line.show_failed(2, ValueError("κακό"))
    walk.look_at_page("audits")
    for ask in (page.course.ask_to_close, page.course.ask_to_finish, page.course.ask_to_drop):
        ask()
        walk.look_at_others("audits")
    _finish(walk, page)
    walk.look_at_page("audits")
    _begin(walk, blind=True)
    page.codes.read(str(laptops[0].values["asset_tag"]))
    walk.rest(lambda: page.queue.number == 0)
    walk.look_at_page("audits")
    page.show_stack()
    for code in (str(laptops[0].values["asset_tag"]), "άγνωστο"):
        page.stack.read(code)
        walk.rest()
    walk.look_at_page("audits")
    page.show_list()
    walk.rest()
    walk.look_at_page("audits")


def _sheet(walk: Any, run: Any) -> None:
    run()
    walk.rest()
    walk.look("audits", walk.window.sheet)
    walk.window.services.close_sheet()


def _begin(walk: Any, *, blind: bool) -> None:
    workspace = walk.window.estate.workspace
    with workspace.store.read() as reader:
        revision = start(reader, AuditScope(cls="laptop"), "άννα", blind=blind)
    walk.page("audits", uid=next(iter(workspace.apply(revision).created)))


def _finish(walk: Any, page: AuditsPage) -> None:
    from app.audits.running import finish

    workspace, uid = walk.window.estate.workspace, page.uid
    with workspace.store.read() as reader:
        revision = finish(reader, uid, "άννα")
    workspace.apply(revision)
    walk.rest(lambda: page.audit is not None and page.audit.finished)
