"""Receipts are signed on the screen: drawn or typed, and kept with the record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.printing.paper import PaperDocument, PaperTable, SignatureLine
from app.receipts.paper import receipt_paper
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.register import history
from cmdb.register.edits import delete
from ui.context import Context
from ui.pages.tasks import receipts
from ui.records.sign_sheet import SignForm
from ui.records.verbs import Verbs
from ui.widgets.buttons import PrimaryButton
from ui.widgets.verb_sheet import VerbForm

Settle = Callable[..., None]


def receipt(context: Context, **values: Any) -> str:
    with context.workspace.read() as reader:
        signer = reader.find("Anja Vogt").uid
    uid = new_id()
    made = {"class": "receipt", "name": "LT-1 handed over", "signer": signer, "action": "hand_over", **values}
    context.workspace.store.apply(Revision([Edit(ci(uid), "", None, made)], "tester"))
    return uid


def opened(context: Context, shell: Any, settle: Settle, uid: str) -> SignForm:
    Verbs(context).run("sign", lambda _: [uid], "RCP-1", "receipt")
    settle()
    assert isinstance(shell.content, SignForm)
    return shell.content


def press(shell: Any, settle: Settle) -> None:
    next(b for b in shell.buttons if isinstance(b, PrimaryButton)).click()
    settle()


def draw(form: SignForm) -> None:
    form.pad.resize(280, 130)
    QTest.mousePress(form.pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 80))
    for at in (QPoint(60, 20), QPoint(90, 90), QPoint(400, 40)):
        QTest.mouseMove(form.pad, at)
    QTest.mouseRelease(form.pad, Qt.MouseButton.LeftButton, pos=QPoint(200, 40))


def now(context: Context, uid: str) -> tuple[CI, PaperDocument]:
    with context.workspace.read() as reader:
        return reader.get(uid), receipt_paper(reader, uid)


def lines(paper: PaperDocument) -> list[SignatureLine]:
    return [one for one in paper.blocks if isinstance(one, SignatureLine)]


def test_a_drawn_signature_is_kept_with_the_receipt_and_undone_with_it(
    context: Context, shell: Any, settle: Settle
) -> None:
    listed = "LT-1 | A1 | - | Good | bag\nLT-2 | - | - | - | -"
    uid = receipt(context, listed_items=listed, terms_text="It stays ours.", done_on="2026-01-05")
    form = opened(context, shell, settle, uid)
    assert form._items_text.text() == "LT-1: A1, Good, bag\nLT-2"
    assert form._terms_text.text() == "It stays ours."
    assert form.fields["signed_as"].value() is None, "nobody signs by pressing a button"
    assert not form._clear.isEnabled()
    press(shell, settle)
    assert form._problem.text() == "Draw the signature, or type the name."
    draw(form)
    form.pad.clear()
    assert (form.pad.is_empty, form.pad.picture()) == (True, b"")
    draw(form)
    assert form._clear.isEnabled()
    press(shell, settle)
    one, paper = now(context, uid)
    assert [one.values[name] for name in ("state", "signed_how", "signed_as")] == ["Signed", "screen", "Anja Vogt"]
    received, handed_over = lines(paper)
    assert (received.label, received.name, handed_over.label) == ("Received", "Anja Vogt", "Handed over")
    image = QImage.fromData(received.picture)
    assert image.width() > 4 * image.height() / 2
    assert {image.pixelColor(x, y).value() for x in range(image.width()) for y in range(0, image.height(), 9)} >= {
        0,
        255,
    }
    assert [(len(t.columns), len(t.rows)) for t in paper.blocks if isinstance(t, PaperTable)] == [(4, 2)]
    with context.workspace.read() as reader:
        number = reader.number
    history.undo(context.workspace.store, number, "tester")
    assert now(context, uid)[0].values["state"] == "To be signed"
    assert lines(now(context, uid)[1])[0].picture == b""


def test_a_typed_name_and_paper_need_no_drawing(context: Context, shell: Any, settle: Settle) -> None:
    typed, on_paper = receipt(context), receipt(context)
    form = opened(context, shell, settle, typed)
    form.fields["signed_as"].set_value("A. Vogt")
    press(shell, settle)
    form = opened(context, shell, settle, on_paper)
    form.fields["signed_how"].set_value("paper")
    form.fields["signed_how"].committed.emit()
    assert not form._drawing.isVisibleTo(form)
    press(shell, settle)
    said = [[now(context, uid)[0].values.get(name) for name in ("state", "signed_how", "signed_as")]
            for uid in (typed, on_paper)]  # fmt: skip
    assert said == [["Signed", "screen", "A. Vogt"], ["Signed", "paper", "Anja Vogt"]]


def test_what_is_no_receipt_is_not_signed(context: Context, shell: Any, settle: Settle) -> None:
    with context.workspace.read() as reader:
        laptop = reader.find("LT-2041").uid
    Verbs(context).run("sign", lambda _: [laptop], "LT-2041", "laptop")
    settle()
    assert isinstance(shell.content, VerbForm)
    assert shell.content._left.text() == "It can't be done: LT-2041 is of class Laptop."
    form = SignForm(context, lambda _: [laptop], "LT-2041", "work")
    settle()
    assert form._items_text.text() == ""
    form.deleteLater()


def test_the_sheet_and_the_drafts_are_written_where_the_person_says(
    context: Context, shell: Any, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid, over = receipt(context, terms_text="It stays ours."), QWidget()
    chosen: list[Path] = []

    def ask(*asked: Any) -> Path:
        chosen.append(tmp_path / f"out{next(iter(asked[5]))}")
        return chosen[-1]

    monkeypatch.setattr(receipts, "ask_to_save", ask)
    receipts.save_receipt(context, over, now(context, uid)[0])
    settle(lambda: len(shell.said("toast")) == 1)
    assert chosen[0].read_bytes().startswith(b"%PDF")
    receipts.save_drafts(context, over)
    settle(lambda: len(shell.said("toast")) == 2)
    assert (chosen[1].suffix, b"anja@harbour.example" in chosen[1].read_bytes()) == (".eml", True)
    context.edit(lambda reader: delete(reader, [uid], "tester"), "")
    settle()
    receipts.save_drafts(context, over)
    settle()
    assert shell.said("toast")[-1] == ("Nobody has anything to sign, to return or to find.",)
    over.deleteLater()
