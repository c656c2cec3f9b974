"""What a source states about a record, as it stands in the column ``said`` of claims."""

from __future__ import annotations

from collections.abc import Collection, KeysView, Mapping, Sequence
from typing import Any

import msgspec

from cmdb.store.rows.codec import EVIDENCE, dump_sorted, load


def pack(said: Mapping[str, Sequence[Any]]) -> str:
    """One source's statements in stored form: the common time, attribute → value, and the times that differ from it."""
    pairs = iter(said.values())
    common = next(pairs)[1]
    body: dict[str, Any] = {"t": common, "v": {a: pair[0] for a, pair in said.items()}}
    if any(pair[1] != common for pair in pairs):
        body["x"] = {a: pair[1] for a, pair in said.items() if pair[1] != common}
    return dump_sorted(body).decode()


def pack_alike(values: Mapping[str, Any], observed: str) -> str:
    """As ``pack``, for statements that were observed at the same time: attribute → value."""
    return dump_sorted({"t": observed, "v": values}).decode()


class _Stated(msgspec.Struct):
    """Statements as stored, whose values are not looked into."""

    v: dict[str, msgspec.Raw]


_stated = msgspec.json.Decoder(_Stated).decode
_texts = msgspec.json.Decoder(list[str]).decode


def names_and_evidence(text: str, kind: str) -> tuple[KeysView[str], Collection[str]]:
    """The names of what ``pack`` stored, and the values of one kind of evidence; three times as fast as ``unpack``."""
    stated = _stated(text).v
    found = stated.get(EVIDENCE + kind)
    return stated.keys(), () if found is None or bytes(found) == b"null" else _texts(found)


def unpack(text: str) -> dict[str, list[Any]]:
    """The statements that ``pack`` stored."""
    body = load(text)
    common, differing = body["t"], body.get("x", {})
    return {a: [v, differing.get(a, common)] for a, v in body["v"].items()}
