"""Drafts: changes that are kept but not applied, and the estate as it would be with them."""
