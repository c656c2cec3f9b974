"""The line over a list in groups: by what, how many there are, and what can be done with all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QMenu

from app.assets.groups import groupable
from cmdb.model.messages import tr, trn
from cmdb.model.schema import Attribute, Schema
from ui.plain_texts import plain_label
from ui.records.grouped_model import GroupedModel
from ui.widgets.buttons import LinkButton
from ui.widgets.labels import ElidedText
from ui.widgets.layout import STRETCH, row


class GroupBar(QFrame):
    """Shown while the rows of a model are grouped; ``choose`` is called with another attribute's name, "" for none."""

    def __init__(self, model: GroupedModel, choose: Callable[[str], object]) -> None:
        super().__init__()
        self._model, self.choose = model, choose
        self._text = ElidedText("", "muted")
        self._open = LinkButton(tr("Open all"), lambda: model.open_all())
        self._close = LinkButton(tr("Close all"), lambda: model.open_all(opened=False))
        self._end = LinkButton(tr("No groups"), lambda: choose(""))
        self.setLayout(row(self._text, self._open, self._close, self._end, STRETCH, spacing=14))
        model.grouped.connect(self._follow)
        self.hide()

    def _follow(self) -> None:
        attribute, many = self._model.attribute, self._model.group_number
        self.setVisible(attribute is not None)
        if attribute is not None:
            self._text.setText(
                trn("By {attribute}: {count} group", "By {attribute}: {count} groups", many, attribute=attribute.label)
            )

    @property
    def present(self) -> str:
        """The attribute by which rows are grouped; "" for none."""
        return self._model.attribute.name if self._model.attribute is not None else ""

    def fill(self, menu: QMenu, schema: Schema, cls: str, attributes: list[Attribute]) -> None:
        """Entries of a menu: to group by one of the attributes, or not at all."""
        present = self.present
        for one in groupable(schema, cls, attributes):
            action = menu.addAction(plain_label(one.label), partial(self.choose, one.name))
            action.setCheckable(True)
            action.setChecked(one.name == present)
        if present:
            menu.addSeparator()
            menu.addAction(tr("No groups"), partial(self.choose, ""))
