"""The review: what waits for a person's decision."""
