"""Clean up in the side sheet: records of nearly equal names, each group merged into the one to keep."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from app.clean_up import MergeChoice, NearRecord, NearRecords, merging, near_records
from app.doubles import are_different
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.formats import listing, number
from cmdb.model.messages import Message, tr, trn
from ui.context import Context
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.page_states import EmptyState
from ui.widgets.side_sheet import FollowingContent
from ui.widgets.splitter import Splitter
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths

_ABOUT = Message(
    "These records have nearly equal names, and may be one thing. What refers to the others then refers to the one "
    "that is kept. It is one revision, which can be undone."
)


class CleanUp:
    """Opens the sheet."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def show(self) -> None:
        """Looks for records of nearly equal names, and lists them."""
        content = CleanUpList(self.context)
        buttons = (content.merge_button, content.all_button)
        self.context.shell.sheet(tr("Clean up names"), content, buttons)
        content.ask()


class CleanUpList(FollowingContent):
    """The groups, and the records of the selected one: the one to keep is chosen there."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._kept: dict[frozenset[str], str] = {}
        """Of groups in which the person chose a record to keep: its id."""
        theme = context.theme
        self._state = Text("", "muted", wrap=True)
        groups: list[ViewColumn[NearRecords]] = [
            ViewColumn(
                tr("Keep"), lambda g: self._keep(g).name, icon=lambda g: self._icon(g.keep.cls), bold=True, hint=_hint
            ),
            ViewColumn(tr("Others"), self._others, hint=_hint, tone=lambda g: "warning" if g.misspelt else ""),
        ]
        self._groups = RowsModel(theme, groups)
        self.table = TableView(theme, tr("Groups of records"), compact=True)
        self.table.setModel(self._groups)
        set_widths(self.table, (170, 0))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_group())
        records: list[ViewColumn[NearRecord]] = [
            ViewColumn(
                tr("Record"), lambda r: r.name, hint=lambda r: r.name,
                icon=lambda r: "check" if self._is_kept(r) else "",
            ),
            ViewColumn(tr("Used"), lambda r: number(r.references), lambda r: r.references, right=True),
        ]  # fmt: skip
        self._records = RowsModel(theme, records)
        self.records = TableView(theme, tr("Records of the group"), compact=True)
        self.records.setModel(self._records)
        set_widths(self.records, (0, 60))
        self.records.clicked.connect(lambda _: self.keep())
        self.records.opened.connect(lambda _: self.keep())
        self.records.previewed.connect(lambda _: self.keep())
        self.merge_button = Button(tr("Merge selected"), lambda: self.merge(self.selected()))
        self.all_button = Button("", lambda: self.merge(self._sure()), hint=tr("All but those that may be misspelt"))
        self.different = Button(tr("They are different"), self._differ, kind="plain")
        self._split = Splitter(tr("Names and their records"), Qt.Orientation.Vertical)
        self._split.addWidget(self.table)
        self._split.addWidget(self.records)
        self._split.setSizes([360, 160])
        self._none = EmptyState(
            theme, "good", tr("Nothing to clean up"), tr("No records have nearly equal names."), token="good"
        )
        about = Text(str(_ABOUT), "muted", wrap=True)
        whole = column(about, self._state, self._split, row(self.different, STRETCH), self._none, spacing=8)
        whole.setStretch(2, 1)
        whole.setStretch(4, 1)
        self.setLayout(whole)
        self.show_groups(None)

    def ask(self) -> None:
        """Looks again."""
        self._state.setText(tr("Looking for nearly equal names…"))
        self._context.query(near_records, self.show_groups, key=("clean up", "list"), owner=self, lane="slow", now=True)

    def show_groups(self, groups: Sequence[NearRecords] | None) -> None:
        """Shows groups; None while they are looked for."""
        found = groups or ()
        if groups is not None:
            self._state.setText(trn("{count} group found.", "{count} groups found.", len(found)) if found else "")
            if found and list(found) == list(self._groups.rows):
                return  # what is selected stays selected
        self._groups.show_rows(found)
        self._split.setVisible(bool(found))
        self.different.setVisible(bool(found))
        self._none.setVisible(groups is not None and not found)
        if found:
            self.table.selectRow(0)
        self._show_group()

    def selected(self) -> list[NearRecords]:
        """The selected groups."""
        return [self._groups.row_at(index.row()) for index in self.table.selectionModel().selectedRows()]

    def _sure(self) -> list[NearRecords]:
        return [group for group in self._groups.rows if not group.misspelt]

    def _show_group(self) -> None:
        groups = self.selected()
        one = groups[0] if len(groups) == 1 else None
        self._records.show_rows(one.records if one is not None else ())
        may = self._context.editable
        sure = len(self._sure())
        self.merge_button.setEnabled(may and bool(groups))
        self.different.setEnabled(may and one is not None)
        self.all_button.setText(trn("Merge {count} group", "Merge all {count}", sure))
        self.all_button.setVisible(sure > 1)
        self.all_button.setEnabled(may)
        if one is not None:
            self.records.selectRow(0)

    def keep(self) -> None:
        """The selected record is the one to keep."""
        groups, line = self.selected(), self.records.currentIndex().row()
        if len(groups) == 1 and 0 <= line < self._records.rowCount():
            self._kept[_key(groups[0])] = self._records.row_at(line).uid
            self.table.viewport().update()
            self.records.viewport().update()

    def merge(self, groups: Sequence[NearRecords]) -> None:
        """Merges groups as one revision; those that concern each other are listed again afterwards."""
        choices = []
        for group in groups:
            kept = self._keep(group).uid
            choices.append(MergeChoice(kept, tuple(one.uid for one in group.records if one.uid != kept)))
        if not choices:
            return
        author = self._context.author

        def done(applied: AppliedRevision) -> None:
            gone = len(applied.deleted)
            said = trn("{count} record merged", "{count} records merged", gone)
            self._context.shell.toast(said, undo=bool(gone))
            self.ask()

        self._context.edit(lambda reader: merging(reader, choices, author).revision, "", done)

    def _differ(self) -> None:
        groups = self.selected()
        if len(groups) != 1:
            return
        group, author = groups[0], self._context.author
        line = self.records.currentIndex().row()
        record = self._records.row_at(line) if 0 <= line < self._records.rowCount() else group.others[0]
        other = record if record.uid != group.keep.uid else group.others[0]
        said = tr("{name} and {other} are different", name=group.keep.name, other=other.name)
        self._context.edit(lambda reader: are_different(reader, group.keep.uid, other.uid, author), said, self._done)

    def _done(self, _: AppliedRevision) -> None:
        self.ask()

    def _keep(self, group: NearRecords) -> NearRecord:
        uid = self._kept.get(_key(group), group.keep.uid)
        return next((one for one in group.records if one.uid == uid), group.keep)

    def _is_kept(self, record: NearRecord) -> bool:
        groups = self.selected()
        return len(groups) == 1 and self._keep(groups[0]).uid == record.uid

    def _others(self, group: NearRecords) -> str:
        kept = self._keep(group)
        return listing((one.name for one in group.records if one.uid != kept.uid), "unit")

    def _icon(self, cls: str) -> str:
        known = self._context.schema.classes.get(cls)
        return known.icon if known is not None else "box"


def _key(group: NearRecords) -> frozenset[str]:
    return frozenset(one.uid for one in group.records)


def _hint(group: NearRecords) -> str:
    lines = [one.name for one in group.records]
    if group.misspelt:
        lines.append(tr("Some may be misspelt, others may be other things."))
    return "\n".join(lines)
