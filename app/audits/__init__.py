"""Audits: what should be somewhere is looked for there, scan by scan, and what came of it is taken over."""
