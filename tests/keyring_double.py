"""A keyring for tests, in place of the person's own."""

from __future__ import annotations

import pytest

backend = pytest.importorskip("keyring.backend", reason="keyrings come with an extra: make setup EXTRAS=encryption")


class Drawer(backend.KeyringBackend):  # type: ignore[misc, name-defined]
    """A keyring that lasts as long as the test."""

    priority = 9.0

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.shut = False

    def get_password(self, service: str, username: str) -> str | None:
        self._look()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._look()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        from keyring.errors import PasswordDeleteError

        self._look()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")

    def _look(self) -> None:
        from keyring.errors import KeyringLocked

        if self.shut:
            raise KeyringLocked("The collection is locked")
