"""The lists of the Classes page: attributes, statuses, relationship types and sections of the chosen class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QStackedWidget

from app.schema.outline import AttributeRow, ClassOutline, LifeCycleRow, RelationshipRow, SectionLine, StatusRow
from app.verbs import known_verbs
from cmdb.model.formats import listing
from cmdb.model.messages import tr
from ui.context import Context
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths

NAMES = ("attributes", "statuses", "life_cycle", "relationships", "sections")


class ClassLists(QStackedWidget):
    """One table for each kind of line; the tab of the page chooses which is shown."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._cls = ""
        self.models: dict[str, RowsModel[Any]] = {}
        self.tables: dict[str, TableView] = {}
        self._add("attributes", tr("Attributes"), _attribute_columns(), (190, 170, 150, 120, 0))
        self._add("statuses", tr("Statuses"), _status_columns(), (190, 120, 190, 0))
        self._add("life_cycle", tr("Life cycle"), _life_cycle_columns(), (190, 200, 0, 110))
        self._add("relationships", tr("Relationship types"), _relationship_columns(), (150, 150, 170, 170, 150, 0))
        self._add("sections", tr("Sections"), _section_columns(), (190, 170, 0, 110))

    def _add(self, name: str, title: str, columns: Sequence[ViewColumn[Any]], widths: tuple[int, ...]) -> None:
        model: RowsModel[Any] = RowsModel(self._context.theme, columns)
        table = TableView(self._context.theme, title)
        table.setModel(model)
        set_widths(table, widths)
        table.typed.connect(lambda letter, name=name: self._find(name, letter))
        self.models[name], self.tables[name] = model, table
        self.addWidget(table)

    def _find(self, name: str, letter: str) -> None:
        """Chooses the next line that begins with a letter."""
        rows, line = self.models[name].rows, self.tables[name].currentIndex().row()
        order = [*range(line + 1, len(rows)), *range(line + 1)]
        found = next((at for at in order if rows[at].label.casefold().startswith(letter.casefold())), None)
        if found is not None:
            self.tables[name].selectRow(found)

    def choose(self, name: str) -> None:
        """Shows one of the lists."""
        self.setCurrentWidget(self.tables[name])

    def show_outline(self, outline: ClassOutline) -> None:
        """Shows what the schema says of a class. A line that is new in it is chosen, otherwise the one that was."""
        rows: dict[str, Sequence[Any]] = {
            "attributes": outline.attributes,
            "statuses": outline.statuses,
            "life_cycle": outline.life_cycle,
            "relationships": outline.relationships,
            "sections": outline.sections,
        }
        for name, model in self.models.items():
            known, key = {_key(one) for one in model.rows}, _key(self.chosen(name))
            model.show_rows(rows[name])
            new = [one for one in map(_key, model.rows) if one not in known]
            if outline.cls == self._cls and len(new) == 1:
                key = new[0]
            line = next((at for at, one in enumerate(model.rows) if _key(one) == key), 0)
            if model.rows:
                table = self.tables[name]
                table.selectRow(line)
                table.updateGeometries()  # or it scrolls only as far as the rows before went
                table.scrollTo(table.currentIndex())
        self._cls = outline.cls

    def chosen(self, name: str) -> Any:
        """The chosen row of a list, or None."""
        model, line = self.models[name], self.tables[name].currentIndex().row()
        return model.row_at(line) if 0 <= line < len(model.rows) else None


def _key(row: Any) -> str:
    return "" if row is None else str(row.value if isinstance(row, StatusRow) else row.name)


def _tone(row: AttributeRow | RelationshipRow | SectionLine) -> str:
    return "neutral" if row.hidden else ""


def _attribute_columns() -> list[ViewColumn[AttributeRow]]:
    def comes_from(row: AttributeRow) -> str:
        return (
            tr("{origin}, from {cls}", origin=str(row.origin), cls=row.owner_label)
            if row.inherited
            else str(row.origin)
        )

    return [
        ViewColumn(tr("Attribute"), lambda r: r.label, bold=True),
        ViewColumn(tr("Type"), lambda r: str(r.type), hint=lambda r: str(r.type)),
        ViewColumn(tr("Properties"), lambda r: listing(map(str, r.marks), "unit"), tone=_tone),
        ViewColumn(tr("Begins in"), lambda r: r.owner_label),
        ViewColumn(tr("Comes from"), comes_from),
    ]


def _status_columns() -> list[ViewColumn[StatusRow]]:
    def verbs(row: StatusRow) -> str:
        known = known_verbs()
        words = (str(known[name].title).rstrip("…") if name in known else tr("Order") for name in row.verbs)
        return listing(words, "unit")

    return [
        ViewColumn(tr("Status"), lambda r: r.label, bold=True),
        ViewColumn(tr("Phase"), lambda r: str(r.phase)),
        ViewColumn(tr("Set by"), verbs),
        ViewColumn(tr("Comes from"), lambda r: str(r.origin)),
    ]


def _life_cycle_columns() -> list[ViewColumn[LifeCycleRow]]:
    return [
        ViewColumn(tr("What"), lambda r: r.label, bold=True),
        ViewColumn(tr("When"), lambda r: str(r.when), hint=lambda r: str(r.when)),
        ViewColumn(tr("Needs"), lambda r: str(r.needs), hint=lambda r: str(r.needs)),
        ViewColumn(tr("Comes from"), lambda r: str(r.origin)),
    ]


def _relationship_columns() -> list[ViewColumn[RelationshipRow]]:
    return [
        ViewColumn(tr("From the first"), lambda r: r.label, bold=True, tone=_tone),
        ViewColumn(tr("From the second"), lambda r: r.inverse),
        ViewColumn(tr("What stands first"), lambda r: listing(r.subjects), hint=lambda r: listing(r.subjects)),
        ViewColumn(tr("What stands second"), lambda r: listing(r.objects), hint=lambda r: listing(r.objects)),
        ViewColumn(tr("A failure"), lambda r: str(r.impact)),
        ViewColumn(tr("Comes from"), _origin),
    ]


def _section_columns() -> list[ViewColumn[SectionLine]]:
    return [
        ViewColumn(tr("Section"), lambda r: r.label, bold=True, tone=_tone),
        ViewColumn(tr("Records that can have it"), lambda r: listing(r.of), hint=lambda r: listing(r.of)),
        ViewColumn(tr("Columns"), lambda r: listing(r.columns), hint=lambda r: listing(r.columns)),
        ViewColumn(tr("Comes from"), _origin),
    ]


def _origin(row: RelationshipRow | SectionLine) -> str:
    return tr("{origin}, retired", origin=str(row.origin)) if row.hidden else str(row.origin)
