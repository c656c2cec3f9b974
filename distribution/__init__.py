"""How Terrier is packed and installed: the wheel, its manual and completions, the desktop's files, pins, licences."""
