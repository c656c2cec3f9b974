"""Reads the first sheet of a workbook with python-calamine, and says how many seconds that took."""

import sys
import time

from python_calamine import CalamineWorkbook

begun = time.perf_counter()
CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
print(time.perf_counter() - begun)
