"""Collectors for Linux: one file each, with a ``COLLECTOR``. Files with a leading underscore serve several of them."""
