"""The number of an estate's layout. It is in a module without SQLAlchemy, which is slow to import."""

from __future__ import annotations

#: The number of this layout. A file with a higher number was written by a newer Terrier and is refused.
FORMAT = 3
