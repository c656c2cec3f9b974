"""A task is made from a selection, from what needs attention, and from a review; always in one revision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.overview.attention import MOST_RECORDS, records_of
from app.overview.figures import AttentionItem
from cmdb.model.messages import Message, verbatim
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.pages.overview.page import OverviewPage
from ui.widgets.buttons import LinkButton, PrimaryButton
from ui.widgets.form import Form

Settle = Callable[..., None]


def press(shell: Any, settle: Settle) -> None:
    """Presses the primary button of the side sheet."""
    next(b for b in shell.buttons if isinstance(b, PrimaryButton)).click()
    settle()


def about(context: Context, name: str) -> list[str]:
    """The records that a task is about."""
    with context.workspace.read() as reader:
        return [one.name for one in reader.relationships(reader.find(name).uid)]


def test_one_task_is_about_all_that_is_selected(context: Context, shell: Any, settle: Settle) -> None:
    page = AssetsPage(context)
    page.show()
    page.opened(cls="laptop")
    settle()
    page.listing.table.selectAll()
    actions = {action.id: action for action in page.page_actions()}
    actions["assets.task"].run()
    settle()
    shell.content.findChild(Form).fields["name"].fill("Collect <i>all</i>")
    press(shell, settle)
    assert about(context, "Collect <i>all</i>") == ["LT-2041", "LT-2048", "LT-2055"]
    page.detail.show_ci(page.listing.model.ci(0).uid)  # type: ignore[union-attr]
    settle()
    page.detail.wanted.emit("task")
    shell.content.findChild(Form).fields["name"].fill("Only one")
    press(shell, settle)
    assert about(context, "Only one") == ["LT-2041"]
    page.close()


def test_what_needs_attention_becomes_a_task(context: Context, shell: Any, settle: Settle) -> None:
    page = OverviewPage(context)
    page.resize(1200, 800)
    page.show()
    page.opened()
    settle(lambda: bool(page._found) and not page._coming)
    button = next(b for b in page._attention.findChildren(LinkButton) if "Make a task" in b.accessibleName())
    button.click()
    settle()
    form = shell.content.findChild(Form)
    name = str(form.fields["name"].value())
    assert name == f"{page._found[0].subject}: {page._found[0].text}"
    assert form.fields["due"].value() is None
    press(shell, settle)
    with context.workspace.read() as reader:
        assert about(context, name) == sorted(
            reader.names(records_of(reader, page._found[0])).get(uid, ("", ""))[1]
            for uid in records_of(reader, page._found[0])
        )
    page.close()


def test_a_finding_names_its_records(context: Context) -> None:
    def item(**params: object) -> AttentionItem:
        return AttentionItem(verbatim("x"), Message("x"), "bad", "assets", params)

    with context.workspace.read() as reader:
        uid = reader.find("host-a").uid
        assert records_of(reader, item(cls="laptop", where="status = Deployed")) != []
        assert records_of(reader, item(uid=uid)) == [uid]
        assert records_of(reader, item(position=["a"])) == []
    assert MOST_RECORDS == 500
