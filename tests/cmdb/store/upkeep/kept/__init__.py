"""Estates of every released format, as that release wrote them, and what was in them; see ``generator``."""
