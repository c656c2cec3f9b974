"""The licence engine: facts at a date in, effective licence position out. Knows no store."""
