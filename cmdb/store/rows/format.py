"""The number of an estate's layout. It stands apart from the tables so that it can be asked for without SQLAlchemy."""

from __future__ import annotations

#: The number of this layout. A file with a higher one was written by a newer Terrier and is refused.
FORMAT = 2
