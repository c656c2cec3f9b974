"""An opened file as sheets of raw rows, and what stands in them besides cells."""
