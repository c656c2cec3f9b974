"""Libraries do not write on the terminal: what they log of a fault is raised as an error, too, and said by us."""

from __future__ import annotations

import logging


def silence(*names: str) -> None:
    """Keeps the loggers of these libraries from printing on stderr where nobody has set up logging.

    SQLAlchemy logs the trace of whatever stops it while it takes a connection back, also of a Ctrl-C.
    """
    for name in names:
        log = logging.getLogger(name)
        if not log.handlers:
            log.addHandler(logging.NullHandler())
