"""Signing receipts on the screen: the signature is kept as a picture with each of them, in the same revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.attachments.attaching import attaching, file_of
from app.receipts.paper import PICTURE, SIGNATURE, is_receipt
from app.receipts.receipt_items import ReceiptItem, items_in
from app.verbs import known_verbs, make
from cmdb.model.messages import tr

if TYPE_CHECKING:
    from cmdb.model.revision import Revision
    from cmdb.model.verb import Values
    from cmdb.store.reading.reader import Reader

SIGN = "sign"
"""The verb by which receipts are signed."""
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class ShownReceipts:
    """What a person signs: the items, and the texts of terms."""

    items: tuple[ReceiptItem, ...]
    terms: tuple[str, ...]


def shown_receipts(reader: Reader, uids: Sequence[str]) -> ShownReceipts:
    """What is on some receipts, each text of terms once."""
    receipts = [one for one in reader.by_uid(uids).values() if is_receipt(reader.schema, one)]
    items = tuple(item for one in receipts for item in items_in(one.text("listed_items")))
    terms = dict.fromkeys(text for one in receipts if (text := one.text("terms_text")))
    return ShownReceipts(items, tuple(terms))


def signed(reader: Reader, uids: Sequence[str], values: Values, picture: bytes, author: str, at: str) -> Revision:
    """The revision by which receipts are signed, with the picture (PNG) of the signature; b"" for none.

    Raises what doing the verb raises, and FileProblem for a picture that is too large.
    """
    made = make(reader, known_verbs()[SIGN], uids, values, author, at, every=False)
    if not picture:
        return made
    file = file_of(f"{SIGNATURE}{PICTURE}", picture, _LARGEST)
    edits = list(made.edits)
    for uid in dict.fromkeys(edit.record.key[0] for edit in made.edits if edit.record.kind == "ci"):
        edits += attaching(reader, uid, [file], author, tr("Drawn on the screen"))[0].edits
    return replace(made, edits=edits, files=(*made.files, file.content))
