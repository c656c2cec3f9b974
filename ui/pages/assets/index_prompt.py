"""Offers to make an attribute quick to sort and filter by, or to let it be slow again."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu

from app.assets.indexed_attributes import can_be_marked, is_quick, marking
from cmdb.model.schema import Attribute
from ui.context import Context


def offer(context: Context, menu: QMenu, attribute: Attribute) -> None:
    """Adds the entry that makes sorting and filtering by an attribute quick, or lets it be slow again."""
    if not can_be_marked(attribute):
        return
    on = not is_quick(context.schema, attribute.name)
    text = f"Make sorting and filtering by {attribute.label} fast"
    if not on:
        text = f"Sorting and filtering by {attribute.label} need not be fast"
    entry = menu.addAction(text, partial(mark, context, attribute, on))
    entry.setEnabled(context.editable and not context.workspace.read_only)


def mark(context: Context, attribute: Attribute, on: bool = True) -> None:
    """Marks an attribute in the estate's schema. The window builds what the schema then asks for, in a job."""
    said = (
        f"{attribute.label} will be fast to sort and filter by" if on else f"{attribute.label} is not indexed any more"
    )
    context.edit(lambda reader: marking(reader, attribute, on, context.author), said)
