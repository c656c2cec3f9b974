"""The graph of the estate, and what impact means: pure, without store or Qt. ``docs/decisions/graph.md`` says how."""
