"""The sheet in which a person says what a name of installed software is, or takes that back."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.recognition import (
    NO_PRODUCT,
    NameQuestion,
    RecognisedName,
    ReportedName,
    WhatIsSaid,
    follows,
    question_of,
    say,
)
from cmdb.licences.labels import KINDS, NAME_KINDS, label
from cmdb.model.messages import tr
from ui.context import Context
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.labels import Text
from ui.widgets.notice import InlineMessage
from ui.widgets.suggesting_field import SuggestingField


def recognise_as(context: Context, name: ReportedName) -> None:
    """Asks what is known of a name, and opens the sheet."""

    def show(asked: NameQuestion) -> None:
        form = RecogniseForm(context, asked)
        buttons: tuple[QWidget, ...] = (Button(tr("Cancel"), context.shell.close_sheet),)
        if asked.said is not None:
            buttons += (Button(tr("By the rules again"), form.take_back),)
        context.shell.sheet(tr("Recognise a name"), form, (*buttons, PrimaryButton(tr("Recognise"), form.save)))
        form.product.setFocus()

    context.query(lambda reader: question_of(reader, name), show, context.shell.problem, key=("recognition", "name"))


def meaning_text(one: RecognisedName) -> str:
    """What a name is recognised as, in words: the product, or what it is that is no product; "" for nothing."""
    if one.meaning:
        return one.meaning
    return label(KINDS, one.what.kind) if one.what.kind != "product" else ""


def how_known(one: RecognisedName) -> str:
    """Who says so: a person, or a rule with its confidence."""
    if one.what.said:
        return tr("said by a person")
    if not one.known:
        return tr("no rule fits")
    return tr("by a rule, confidence {number} of 100", number=one.what.confidence)


class RecogniseForm(QWidget):
    """The fields of the sheet: the kind; of an application its product, publisher and edition."""

    def __init__(self, context: Context, asked: NameQuestion) -> None:
        super().__init__()
        self._context, self._use = context, asked
        self._publishers = dict(asked.products)
        self.kind = ChoiceBox(20)
        for name, words in NAME_KINDS.items():
            self.kind.addItem(str(words), name)
        self.product, self.edition = SuggestingField(context.theme), SuggestingField(context.theme)
        self.publisher = QLineEdit()
        self.product.suggest(list(self._publishers))
        self.error = InlineMessage(context.theme)
        self._of_product: list[QWidget] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._say(layout)
        self._add(layout, tr("It is"), self.kind)
        for title, field in (
            (tr("Product"), self.product), (tr("Publisher"), self.publisher), (tr("Edition"), self.edition),
        ):  # fmt: skip
            self._of_product += self._add(layout, title, field)
        layout.addWidget(self.error)
        layout.addWidget(Text(str(follows(asked)), "muted", wrap=True))
        layout.addStretch(1)
        self._fill()
        self.kind.currentIndexChanged.connect(lambda _: self._fit())
        self.product.textChanged.connect(lambda _: self._suggest())
        for field in (self.product, self.publisher, self.edition):
            field.returnPressed.connect(self.save)
        self._fit()

    def _say(self, layout: QVBoxLayout) -> None:
        one = self._use.name
        layout.addWidget(Text(tr("Reported as"), "muted"))
        reported = one.reported
        layout.addWidget(Text(reported.product, wrap=True))
        said = [reported.publisher, tr("version {version}", version=reported.version) if reported.version else ""]
        layout.addWidget(Text(" · ".join(part for part in said if part), "muted", wrap=True))
        meaning = meaning_text(one) or tr("not recognised")
        now = tr("Now: {meaning}, {how}", meaning=meaning, how=how_known(one))
        layout.addWidget(Text(now, "muted", wrap=True))
        layout.addSpacing(8)

    def _add(self, layout: QVBoxLayout, title: str, field: QWidget) -> list[QWidget]:
        words = Text(title, "muted")
        words.setBuddy(field)
        field.setAccessibleName(title)
        layout.addWidget(words)
        layout.addWidget(field)
        return [words, field]

    def _fill(self) -> None:
        said, what = self._use.said, self._use.name.what
        if said is None:
            known = what.kind == "product" and what.product.listed
            product = what.product.name if known else ""
            kind = what.kind if what.kind in NAME_KINDS else NO_PRODUCT
            said = WhatIsSaid(product, what.product.publisher if known else "", what.edition if known else "", kind)
        self.kind.setCurrentIndex(max(self.kind.findData(said.kind), 0))
        self.product.setText(said.product)
        self.publisher.setText(said.publisher)
        self.edition.setText(said.edition)
        self.edition.suggest(self._use.editions.get(said.product, []))

    def _fit(self) -> None:
        """Only an application has a product."""
        for one in self._of_product:
            one.setVisible(self.kind.currentData() == "product")

    def _suggest(self) -> None:
        product = self.product.text().strip()
        if product in self._publishers:
            self.publisher.setText(self._publishers[product])
        self.edition.suggest(self._use.editions.get(product, []))

    def save(self) -> None:
        """Applies what is said, as one revision; a product without a name is complained of."""
        said = WhatIsSaid(
            self.product.text().strip(), self.publisher.text().strip(), self.edition.text().strip(),
            str(self.kind.currentData()),
        )  # fmt: skip
        if said.kind == "product" and not said.product:
            self.error.say(tr("Name the product that it is."), "warning")
            self.product.setFocus()
            return
        self._apply(said)

    def take_back(self) -> None:
        """The rules hold again."""
        self._apply(None)

    def _apply(self, said: WhatIsSaid | None) -> None:
        name, author = self._use.name.reported, self._context.author
        self._context.shell.close_sheet()
        done = tr("“{name}” is recognised otherwise", name=name.product)
        self._context.edit(lambda reader: say(reader, name, said, author), done)
