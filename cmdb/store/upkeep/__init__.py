"""Looking after an estate: opening, checking, backups, migrations, moving, keys, pruning."""
