"""The command line: one file per command under ``commands``, listed in ``registry``, run by ``program``."""
