"""The sheet in which a person signs receipts: what they are for, the terms, and a field to sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.receipts.receipt_items import ReceiptItem
from app.receipts.signing import SIGN, ShownReceipts, shown_receipts, signed
from app.verbs import Uids, known_verbs
from cmdb.model.messages import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import SectionLabel, Text
from ui.widgets.layout import STRETCH, Item, box, column, row
from ui.widgets.signature_pad import SignaturePad
from ui.widgets.verb_sheet import VerbForm

if TYPE_CHECKING:
    from app.question import Ask
    from cmdb.model.revision import Revision
    from cmdb.model.verb import FieldValue
    from ui.context import Context

_HOW, _NAME, _SCREEN = "signed_how", "signed_as", "screen"


class SignForm(VerbForm):
    """The form of the verb with what is signed, and a field to draw in. On the screen one draws or types the name."""

    def __init__(self, context: Context, uids: Uids, what: str, cls: str) -> None:
        self.pad = SignaturePad(context.theme)
        self._items_text, self._terms_text = Text("", wrap=True), Text("", "muted", wrap=True)
        self._terms_title = SectionLabel(tr("Terms"))
        self._clear = Button(tr("Clear"), self.pad.clear)
        self._drawing = box(column(self.pad, row(STRETCH, self._clear), spacing=4))
        super().__init__(context, known_verbs()[SIGN], uids, what, cls)
        self.fields[_HOW].set_value(_SCREEN)
        self.fields[_HOW].committed.connect(self._show_drawing)
        self.pad.drawn.connect(self._show_clear)
        self._show_clear()
        context.query(lambda reader: shown_receipts(reader, uids(reader)), self._show_receipts,
                      key=("verb", "receipts"), owner=self)  # fmt: skip

    def _first_items(self) -> list[Item]:
        return [self._items_text, 4, self._terms_title, self._terms_text, 8, self._drawing, 4]

    def _show_receipts(self, found: ShownReceipts) -> None:
        self._items_text.setText("\n".join(map(_line, found.items)))
        self._terms_text.setText("\n\n".join(found.terms))
        self._terms_title.setVisible(bool(found.terms))
        self._terms_text.setVisible(bool(found.terms))

    def _show_drawing(self) -> None:
        """The field to draw in, where it is signed on the screen."""
        self._drawing.setVisible(self.fields[_HOW].value() == _SCREEN)

    def _show_clear(self) -> None:
        self._clear.setEnabled(not self.pad.is_empty)

    def _missing(self) -> str:
        on_screen = self.fields[_HOW].value() == _SCREEN
        if on_screen and self.pad.is_empty and not self.fields[_NAME].value():
            return tr("Draw the signature, or type the name.")
        return ""

    def _decision(self, values: dict[str, FieldValue], at: str) -> Ask[Revision]:
        picture = self.pad.picture() if values.get(_HOW) == _SCREEN else b""
        uids, author = self._uids, self._context.author
        return lambda reader: signed(reader, uids(reader), values, picture, author, at)


def _line(one: ReceiptItem) -> str:
    """An item with what is known of it: "LT-1: A1, S1, Good"."""
    facts = tuple(filter(None, (one.asset_tag, one.serial_number, one.condition, one.accessories)))
    return tr("{item}: {facts}", item=one.name, facts=facts) if facts else one.name
