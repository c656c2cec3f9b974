"""Connections to an estate: files, encrypted files, network shares, PostgreSQL."""
