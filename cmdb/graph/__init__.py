"""The graph of the estate, and its impact analysis: pure, without store or Qt. see ``docs/decisions/graph.md``."""
