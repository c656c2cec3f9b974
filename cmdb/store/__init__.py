"""The estate's store: one file (SQLite) or a shared PostgreSQL database."""
