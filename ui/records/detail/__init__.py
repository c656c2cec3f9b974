"""The panel beside the table: one CI, with its facts, relations, software and history."""
