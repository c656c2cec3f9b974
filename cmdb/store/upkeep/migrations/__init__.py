"""Migrations of the estate's layout, with Alembic. A fresh estate is laid out at once and starts from ``HEAD``."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from cmdb.model.control import Control

#: The newest migration.
HEAD = "0003"
SCRIPTS = Path(__file__).parent


def upgrade(
    connection: Connection, revision: str = "head", scripts: Path = SCRIPTS, control: Control | None = None,
    name: str = "",
) -> None:  # fmt: skip
    """Brings an estate's layout to a migration, within the connection's transaction. Raises Cancelled.

    ``name`` is the estate's.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["control"] = control or Control()
    config.attributes["name"] = name
    command.upgrade(config, revision)
