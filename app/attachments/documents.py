"""Attached files as JSON documents, for the command line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cmdb.model.attachments import Attachment


def documents(attachments: Iterable[Attachment], **also: Any) -> list[dict[str, Any]]:
    """A document for each file; what is empty is left out. ``also`` is added to each."""
    return [{**_document(one), **also} for one in attachments]


def _document(one: Attachment) -> dict[str, Any]:
    document: dict[str, Any] = {"id": one.uid, "name": one.name, "size": one.size, "sha256": one.sha256 or None}
    more = {"type": one.type, "about": one.about, "record": one.record, "added": one.added, "author": one.author}
    return {**document, **{name: value for name, value in more.items() if value}}
