"""A person who looks at the list of laptops."""

from __future__ import annotations

import pytest

from tests.ui.conftest import ShowPage
from tests.ui.lists.list_user import ListUser, Settle
from ui.context import Context
from ui.pages.assets.page import AssetsPage


@pytest.fixture
def person(show_page: ShowPage, context: Context, settle: Settle) -> ListUser:
    page = show_page(AssetsPage)
    page.opened(cls="laptop")
    settle()
    return ListUser(page, context, settle)
