"""Captures: what a script saw of a machine, raw and in one file; parsers make the inventory document of a scan of it.

``capture`` is the format. A platform has a package of subjects (one file each), pure functions from captures to pieces
of an inventory; ``document`` combines them, so that a machine reads the same whichever way it was scanned.
"""
