"""The program, imported with what its commands import when they run: processes are forked off one that has this."""

import app.import_proposal
import app.renewal  # noqa: F401
import cmdb.store.upkeep.startup  # noqa: F401
from app.cli.registry import COMMANDS
from importers.registry import all_importers

for _name in ("import", "review", "scan"):
    COMMANDS[_name].load()
all_importers()
