"""Proposals before they are applied: shown, trimmed, applied, taken back. Used by Import, Scan and Review."""
