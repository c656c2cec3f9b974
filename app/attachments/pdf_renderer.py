"""Run as a program: draws a page of the PDF document on standard input. See ``pdf_pages``.

It imports nothing of Terrier: it is started by its path.
"""

from __future__ import annotations

import json
import sys

MEMORY, SECONDS = 1 << 30, 15


def main() -> int:
    """Writes a line of JSON (pages, width, height), then the points."""
    number, width, height = map(int, sys.argv[1:4])
    content = sys.stdin.buffer.read()
    _limit(len(content))
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    page = document[number]
    scale = min(width / max(page.get_width(), 1), height / max(page.get_height(), 1))
    bitmap = page.render(scale=scale, prefer_bgrx=True)
    wide, high, stride = bitmap.width, bitmap.height, bitmap.stride
    points = bytes(bitmap.buffer)
    if stride != 4 * wide:
        points = b"".join(points[at * stride : at * stride + 4 * wide] for at in range(high))
    sys.stdout.buffer.write(json.dumps([len(document), wide, high]).encode() + b"\n" + points[: 4 * wide * high])
    sys.stdout.buffer.flush()
    return 0


def _limit(size: int) -> None:
    """As far as the system knows limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY + 4 * size, MEMORY + 4 * size))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
