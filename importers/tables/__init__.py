"""Tables written to files: xlsx, csv, ods and json, so that they can be imported again.

``write(path, tables)`` writes records or report rows; ``write_template(path, schema, cls)`` an empty sheet to fill in.
"""

from __future__ import annotations

from importers.tables.model import Column, Table, columns_of
from importers.tables.table_writer import FORMATS, write
from importers.tables.template import write_template

__all__ = ["FORMATS", "Column", "Table", "columns_of", "write", "write_template"]
