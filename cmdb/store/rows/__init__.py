"""How records stand in tables: columns, encoding, indexes, the search index, the hash chain."""
