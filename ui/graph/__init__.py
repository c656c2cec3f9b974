"""Drawing a graph: its items, its legend and the view that shows it. It knows ids, and nothing of the store."""
