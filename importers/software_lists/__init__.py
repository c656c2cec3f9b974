"""Lists of software that other programs write: CycloneDX, SPDX and SWID, each read into the same form.

What a list means in the register: docs/decisions/software-lists.md.
"""
