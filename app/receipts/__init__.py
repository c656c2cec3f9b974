"""Receipts: what people sign when things are handed over or taken back, and the terms that they sign. No Qt."""
