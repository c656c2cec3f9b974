"""Drift: what differs on a machine from one scan to another, and the history of its software."""
