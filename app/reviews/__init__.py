"""The review: questions that wait for a person's decision."""
