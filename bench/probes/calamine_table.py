"""Reads the first sheet of a workbook with python-calamine and, if a database is named, fills a bare table of it with
three indexes, in one transaction. Nothing is looked at: no types, no references, no history, no search.
"""

import sqlite3
import sys

from python_calamine import CalamineWorkbook

rows = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
if len(sys.argv) > 2:
    database = sqlite3.connect(sys.argv[2])
    database.execute("PRAGMA journal_mode=WAL")
    columns = ", ".join(f"c{n}" for n in range(len(rows[0])))
    database.execute(f"CREATE TABLE t ({columns})")
    for n in range(3):
        database.execute(f"CREATE INDEX i{n} ON t (c{n})")
    database.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(rows[0]))})", rows[1:])
    database.commit()
    database.close()
