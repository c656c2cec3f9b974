"""The graph of the estate, and what impact means: pure, without store or Qt. see ``docs/decisions/graph.md``."""
