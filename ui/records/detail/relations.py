"""The relationships of a CI by kind: a list of any length; only what is visible is painted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.assets.detail import unfolded
from app.assets.item_edits import remove_link
from cmdb.model.characters import marked
from cmdb.model.formats import listing, number
from cmdb.model.messages import Message, tr, trn
from ui.accessible import name_area
from ui.context import Context
from ui.plain_texts import menu_label, plain_tip
from ui.text_size import px
from ui.widgets.buttons import Button
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.page_states import EmptyState

if TYPE_CHECKING:
    from cmdb.model.records import Related, RelatedKind

Index = QModelIndex | QPersistentModelIndex
SHOWN = 25
"""The number of lines of one kind before "Show all"."""
UNFOLDED = 500
"""The maximum number of lines after it."""
_HEIGHT, _HEAD = 26, 34
_CROSS = 22
_NOTHING = Message(
    "Relationships say what it runs on, what it needs and who uses it; the map and the impact analysis follow them. "
    "Add one under More."
)


@dataclass(frozen=True)
class RelationLine:
    """A line of the list: the heading of a kind, one related item, or the link that shows the rest of a kind."""

    kind: RelatedKind
    one: Related | None = None
    rest: bool = False
    number: int = 0
    """Of a heading: how many items stand below it. Kinds that are called the same have one heading."""


class RelationLines(QAbstractListModel):
    """The kinds with their first members, as lines."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.lines: list[RelationLine] = []

    def show_kinds(self, kinds: list[RelatedKind]) -> None:
        """Shows other kinds."""
        self.beginResetModel()
        self.lines = []
        for _, alike in groupby(kinds, key=lambda one: one.label):
            same = list(alike)
            self.lines.append(RelationLine(same[0], number=sum(kind.number for kind in same)))
            for kind in same:
                self.lines += [RelationLine(kind, one) for one in kind.first]
                if len(kind.first) < kind.number:
                    self.lines.append(RelationLine(kind, rest=True))
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """The number of lines."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """A line as text, also for screen readers."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(self.lines[index.row()])
        if role == Qt.ItemDataRole.ToolTipRole:
            one = self.lines[index.row()].one
            return plain_tip(tr("{name}: {note}", name=one.name, note=self.note(one))) if one is not None else None
        return None

    def text(self, line: RelationLine) -> str:
        """The text of a line."""
        kind = line.kind
        if line.one is not None:
            return marked(line.one.name)
        if line.rest:
            left = kind.number - len(kind.first)
            if can_list(kind) and self._context.schema.root_of(kind.classes[0]) == "work":
                return trn("Show all {count} in Tasks", "Show all {count} in Tasks", kind.number)
            if can_list(kind):
                return trn("Show all {count} in Assets", "Show all {count} in Assets", kind.number)
            if len(kind.first) < UNFOLDED:
                return trn("Show all {count}", "Show all {count}", kind.number)
            return trn("and {count} more", "and {count} more", left)
        return kind.label if line.number == 1 else f"{kind.label} · {number(line.number)}"

    def note(self, one: Related) -> str:
        """The note beside a name: its groups, or its class."""
        if one.groups:
            its = [tr("{group} (needs {number})", group=of.label, number=of.needs) for of in one.groups]
            return listing([*its, tr("by itself")] if one.alone else its)
        classes = self._context.schema.classes
        return classes[one.cls].label if one.cls in classes else one.cls

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        line = self.lines[index.row()]
        able = line.one is not None or line.rest
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if able else Qt.ItemFlag.NoItemFlags


def can_list(kind: RelatedKind) -> bool:
    """Whether Assets can list a kind: what refers to this CI by an attribute."""
    return bool(kind.attribute) and kind.inverse


class _Painter(QStyledItemDelegate):
    """Paints a line: an icon, the name, what it is, and a cross where the mouse is."""

    def __init__(self, context: Context, view: QListView) -> None:
        super().__init__(view)
        self._context, self._theme = context, context.theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Headings are higher than items."""
        line = cast(RelationLines, index.model()).lines[index.row()]
        return QSize(100, px(_HEIGHT if line.one is not None or line.rest else _HEAD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints one line."""
        model = cast(RelationLines, index.model())
        line = model.lines[index.row()]
        rect: QRect = option.rect.adjusted(16, 0, -12, 0)
        state = option.state
        painter.save()
        if line.one is not None:
            self._paint_one(painter, rect, line.one, model.note(line.one), state)
        elif line.rest:
            painter.setPen(self._theme.color("accent"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, model.text(line))
        else:
            font = self._theme.font(11, QFont.Weight.DemiBold)
            font.setCapitalization(QFont.Capitalization.AllUppercase)
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.4)
            painter.setFont(font)
            painter.setPen(self._theme.color("faint"))
            painter.drawText(rect.adjusted(0, 0, 0, -4), Qt.AlignmentFlag.AlignBottom, model.text(line))
        painter.restore()

    def _paint_one(self, painter: QPainter, rect: QRect, one: Related, note: str, state: Any) -> None:
        hot = bool(state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected))
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent_ground"))
            painter.drawRoundedRect(rect.adjusted(-6, 1, 6, -1), 5, 5)
        classes = self._context.schema.classes
        icon = classes[one.cls].icon if one.cls in classes else "box"
        self._theme.icon(icon).paint(painter, QRect(rect.left(), rect.center().y() - 7, 16, 16))
        room = rect.adjusted(22, 0, -_CROSS if self._context.editable else 0, 0)
        name, metrics = self._theme.font(13), painter.fontMetrics()
        painter.setFont(name)
        metrics = painter.fontMetrics()
        small = QFontMetrics(self._theme.font(11))
        beside = min(small.horizontalAdvance(marked(note)) + 12, room.width() // 3)
        text = metrics.elidedText(marked(one.name), Qt.TextElideMode.ElideRight, room.width() - beside)
        painter.setPen(self._theme.color("accent"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        room = room.adjusted(metrics.horizontalAdvance(text) + 8, 0, 0, 0)
        painter.setFont(self._theme.font(11))
        painter.setPen(self._theme.color("muted"))
        note = painter.fontMetrics().elidedText(marked(note), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, note)
        if hot and self._context.editable:
            self._theme.icon("close").paint(painter, cross(rect))


def cross(rect: QRect) -> QRect:
    """The rectangle of a line's cross."""
    return QRect(rect.right() - 15, rect.center().y() - 7, 16, 16)


class _View(QListView):
    """Enter and a click open (``opened`` with the line), Delete and the cross remove the link (``cut``)."""

    opened = Signal(object)
    cut = Signal(object)

    def __init__(self, context: Context, lines: RelationLines) -> None:
        super().__init__()
        self._context, self._lines = context, lines
        self.setModel(lines)
        self.setFrameShape(QFrame.Shape.NoFrame)
        name_area(self, tr("Relationships"))
        self.setMouseTracking(True)
        self.setProperty("role", "plain")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)

    def line(self, index: Index) -> RelationLine | None:
        """The line at an index."""
        return self._lines.lines[index.row()] if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Delete."""
        line = self.line(self.currentIndex())
        if line is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(line)
        elif line is not None and line.one is not None and event.key() == Qt.Key.Key_Delete:
            self.cut.emit(line.one)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        line = self.line(index)
        if line is None or event.button() != Qt.MouseButton.LeftButton:
            return
        rect = self.visualRect(index).adjusted(16, 0, -12, 0)
        if line.one is not None and event.position().x() > cross(rect).left() - 3 and self._context.editable:
            self.cut.emit(line.one)
        else:
            self.opened.emit(line)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be clicked."""
        line = self.line(self.indexAt(event.position().toPoint()))
        able = line is not None and (line.one is not None or line.rest)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if able else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """The cross follows the mouse."""
        if event.type() == QEvent.Type.Leave:
            self.viewport().update()
        return super().viewportEvent(event)

    def _menu(self, position: QPoint) -> None:
        line = self.line(self.indexAt(position))
        if line is None or line.one is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        one, shell = line.one, self._context.shell
        menu.addAction(menu_label(tr("Open {name}", name=one.name)), partial(shell.open_ci, one.uid, one.cls))
        menu.addAction(tr("Show on the map"), partial(shell.open_on_map, one.uid))
        menu.addSeparator()
        menu.addAction(tr("Remove the link"), partial(self.cut.emit, one)).setEnabled(self._context.editable)
        menu.popup(self.viewport().mapToGlobal(position))


class RelationsTab(QFrame):
    """Lists relationships by kind; a click opens the other end, the cross removes the link."""

    def __init__(self, context: Context, page: str = "assets") -> None:
        super().__init__()
        self._context, self._page = context, page
        self._uid = ""
        self.kinds: list[RelatedKind] = []
        self.model = RelationLines(context)
        self.view = _View(context, self.model)
        self.view.opened.connect(self._open)
        self.view.cut.connect(self._cut)
        self.view.setItemDelegate(_Painter(context, self.view))
        show = Button(tr("Show on the map"), lambda: context.shell.open_on_map(self._uid))
        self._empty = EmptyState(context.theme, "map", tr("No relationships yet"), str(_NOTHING))
        self._empty.body.addLayout(row(STRETCH, show, STRETCH))
        self._empty.hide()
        self.setLayout(column(self.view, self._empty, spacing=0))

    def show_kinds(self, uid: str, kinds: list[RelatedKind]) -> None:
        """Shows the relationships of a CI."""
        place = self.view.verticalScrollBar().value() if uid == self._uid else 0
        self._uid, self.kinds = uid, kinds
        self.model.show_kinds(kinds)
        self.view.setVisible(bool(kinds))
        self._empty.setVisible(not kinds)
        self.view.verticalScrollBar().setValue(place)

    def _open(self, line: RelationLine) -> None:
        """Opens the other end, or shows the rest of a kind: in Assets where that can list it, else here."""
        kind = line.kind
        if line.one is not None:
            self._context.shell.open_ci(line.one.uid, line.one.cls)
        elif line.rest and can_list(kind):
            cls = kind.classes[0] if len(kind.classes) == 1 else self._context.schema.root_of(kind.classes[0])
            self._context.shell.open_list(cls, f"{kind.attribute} = {self._uid}")
        elif line.rest and len(kind.first) < UNFOLDED:
            self._unfold(kind)

    def _unfold(self, kind: RelatedKind) -> None:
        uid = self._uid

        def done(found: RelatedKind) -> None:
            if uid == self._uid:
                self.show_kinds(uid, [found if k is kind else k for k in self.kinds])

        self._context.query(
            lambda reader: unfolded(reader, uid, kind, UNFOLDED), done, key=(self._page, "unfold"), owner=self
        )

    def _cut(self, one: Related) -> None:
        """Removes a link."""
        uid, author = self._uid, self._context.author
        self._context.edit(
            lambda reader: remove_link(reader, uid, one, author), tr("Link to {name} removed", name=one.name)
        )
