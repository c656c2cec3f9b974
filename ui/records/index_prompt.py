"""Offers to make sorting and filtering by an attribute fast, or to stop that."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu

from app.assets.indexed_attributes import can_be_marked, is_quick, marking
from cmdb.model.messages import tr
from cmdb.model.schema import Attribute
from ui.actions import IN_DRAFT
from ui.context import Context
from ui.plain_texts import plain_label, plain_tip


def offer(context: Context, menu: QMenu, attribute: Attribute) -> None:
    """Adds the menu entry that makes sorting and filtering by an attribute fast, or stops that."""
    if not can_be_marked(attribute):
        return
    on = not is_quick(context.schema, attribute.name)
    text = tr("Make sorting and filtering by {attribute} fast", attribute=attribute.label)
    if not on:
        text = tr("Sorting and filtering by {attribute} need not be fast", attribute=attribute.label)
    entry = menu.addAction(plain_label(text), partial(mark, context, attribute, on))
    entry.setEnabled(context.can_set_up and not context.workspace.read_only)
    if context.workspace.draft is not None:
        entry.setToolTip(plain_tip(str(IN_DRAFT)))


def mark(context: Context, attribute: Attribute, on: bool = True) -> None:
    """Marks an attribute in the estate's schema. A job of the window then builds or drops the index."""
    said = (
        tr("Sorting and filtering by {attribute} will be fast", attribute=attribute.label)
        if on
        else tr("{attribute} is no longer indexed", attribute=attribute.label)
    )
    context.edit(lambda reader: marking(reader, attribute, on, context.author), said)
