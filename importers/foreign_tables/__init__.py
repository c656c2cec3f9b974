"""What is known of the tables of other tools: which columns they have, what those mean, and the tools' own words.

The knowledge is data, a file per tool in ``resources/foreign_tables``. It is read when the first table is looked at.
"""

from __future__ import annotations

from importers.foreign_tables.declarations import ForeignColumn, ForeignTable, Tool, our_word, table_named, tools
from importers.foreign_tables.recognition import recognise
from importers.foreign_tables.shown_names import tag_in

__all__ = ["ForeignColumn", "ForeignTable", "Tool", "our_word", "recognise", "table_named", "tag_in", "tools"]
