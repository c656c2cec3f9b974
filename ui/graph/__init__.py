"""Drawing a graph: its items, its legend, and the view one walks it in. Knows ids, not the store."""
