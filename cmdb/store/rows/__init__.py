"""How records are stored in tables: columns, encoding, indexes, the search index, the hash chain."""
