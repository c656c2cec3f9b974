"""Labels of records: the sheets and rolls that are known, layouts, and what becomes of a list on them."""
