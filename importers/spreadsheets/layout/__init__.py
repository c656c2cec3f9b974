"""The tables of a sheet, and which of their rows are records."""
