"""Packaging and installation of Terrier: the wheel, its manual and completions, the desktop's files, pins, licences."""
