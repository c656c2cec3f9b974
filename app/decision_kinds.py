"""The kinds of questions of the review that imports ask, besides those of reconciliation."""

from __future__ import annotations

#: Which class an unknown word of a file stands for.
CLASS = "class"
#: What an unknown code that was scanned is.
CODE = "code"
#: What two people changed at the same time, one of them in a pack.
PACK = "pack"
