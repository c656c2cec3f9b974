"""The register's verbs in a menu: those that a class allows, each with the reason as its tip where it can't be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu

from app.verbs import known_verbs
from cmdb.model.messages import tr
from cmdb.model.verb import Verb
from ui.context import Context
from ui.plain_texts import plain_label, plain_tip


def fill_verbs(
    menu: QMenu, context: Context, cls: str, run: Callable[[Verb], object], reason: Callable[[Verb], str] | None = None
) -> None:
    """Adds the verbs for records of a class. ``reason`` says in a sentence why one can't be done now, or ""."""
    menu.setToolTipsVisible(True)
    group: int | None = None
    for verb in known_verbs().values():
        if not verb.applies_to(context.schema, cls):
            continue
        if group is not None and verb.order // 100 != group:
            menu.addSeparator()
        group = verb.order // 100
        why = reason(verb) if reason is not None else ""
        entry = menu.addAction(
            context.theme.icon(verb.icon), plain_label(tr("{verb}…", verb=verb.title)), partial(run, verb)
        )
        entry.setIconVisibleInMenu(True)
        entry.setEnabled(context.editable and not why)
        entry.setToolTip(plain_tip(why or verb.hint))
