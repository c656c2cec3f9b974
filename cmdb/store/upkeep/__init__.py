"""Maintenance of an estate: opening, checking, backups, migrations, moving, keys, pruning."""
