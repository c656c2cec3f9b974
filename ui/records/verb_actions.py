"""The register's verbs as actions of a page that lists records."""

from __future__ import annotations

from collections.abc import Mapping

from app.verbs import known_verbs
from cmdb.model.messages import Message
from cmdb.model.verb import Verb
from ui.actions import ActionEntry


def verbs_of(root: str) -> list[Verb]:
    """The verbs for records of a root, in the order of menus."""
    return [verb for verb in known_verbs().values() if root in verb.roots]


def verb_actions(
    page: str, root: str, needs: Mapping[tuple[str, ...], Message], otherwise: Message
) -> tuple[ActionEntry, ...]:
    """The verbs of a root as actions on what is selected on a page. Every hundred of the order begins a group.

    ``needs`` says by the classes of a verb what must be selected, ``otherwise`` for all others.
    """
    verbs = verbs_of(root)
    return tuple(
        ActionEntry(
            f"{page}.{verb.name}",
            Message("{verb}…", verb=verb.title),
            verb.icon,
            verb.keys,
            ("edit", "context"),
            needs.get(verb.classes, otherwise),
            edits=True,
            hint=verb.help,
            separator=before is None or verb.order // 100 != before.order // 100,
        )
        for verb, before in zip(verbs, [None, *verbs], strict=False)
    )
