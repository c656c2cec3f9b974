"""Codes: what a scanner reads, and what it names."""
