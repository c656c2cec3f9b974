"""Drawing a graph: what is drawn (``picture``), its items, and the view one walks it in. Knows ids, not the store."""
