"""The commands. Each module has ``arguments(parser)`` and ``run(context)``, which returns the exit status."""
