"""Estates of every released format, as that release wrote them, with their content; see ``generator``."""
