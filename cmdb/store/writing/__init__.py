"""Applying revisions, and staging large ones."""
