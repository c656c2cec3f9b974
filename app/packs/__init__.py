"""Packs: a part of the estate is taken along, worked on elsewhere, and brought back."""
