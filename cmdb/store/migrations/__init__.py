"""Migrations of the estate's layout, with Alembic."""

from __future__ import annotations

#: The newest migration, which a fresh estate starts from.
HEAD = "0001"
