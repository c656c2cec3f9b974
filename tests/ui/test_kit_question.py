"""The sheet of a verb asks whether a whole kit goes only where a part of one was chosen without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.kits import ASKED
from app.verbs import known_verbs
from cmdb.model.revision import Edit, Revision, ci, new_id
from ui.context import Context
from ui.widgets.reference import ReferenceField
from ui.widgets.verb_sheet import VerbForm, run_verb

Settle = Callable[..., None]


def opened(context: Context, shell: Any, settle: Settle, uids: list[str]) -> VerbForm:
    run_verb(context, known_verbs()["hand_over"], lambda _: uids, "the chosen", "laptop")
    settle()
    form = shell.content
    assert isinstance(form, VerbForm)
    return form


def test_the_question_is_there_for_a_part_alone(context: Context, shell: Any, settle: Settle) -> None:
    kit, laptop, phone = (new_id() for _ in range(3))
    made = [
        Edit(
            ci(uid),
            "",
            None,
            {"class": cls, "name": name, "status": "In stock", **({"kit": kit} if uid != kit else {})},
        )
        for uid, cls, name in (
            (kit, "kit", "Kit 1"),
            (laptop, "laptop", "Laptop of it"),
            (phone, "phone", "Phone of it"),
        )
    ]
    context.workspace.store.apply(Revision(made, "tester"))
    with context.workspace.read() as reader:
        other, anja = reader.find("LT-2041").uid, reader.find("Anja Vogt").uid
    assert opened(context, shell, settle, [other]).fields[ASKED].isHidden()
    assert opened(context, shell, settle, [kit, laptop]).fields[ASKED].isHidden()
    form = opened(context, shell, settle, [laptop])
    assert not form.fields[ASKED].isHidden()
    to = form.fields["to"]
    assert isinstance(to, ReferenceField)
    to.show_ci(anja, "Anja Vogt")
    form.save()
    settle()
    with context.workspace.read() as reader:
        assert not reader.get(laptop).text("assigned_to"), "it was not said yet"
    form.fields[ASKED].set_value(True)
    form.save()
    settle()
    with context.workspace.read() as reader:
        assert {reader.get(uid).text("assigned_to") for uid in (kit, laptop, phone)} == {anja}
