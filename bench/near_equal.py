"""Finding nearly equal texts among 200,000 different ones, against sorting them; and against half as many.

The texts are made: one to three words, a third with a number, one in twenty misspelt.
"""

from __future__ import annotations

import random

from result import Result, in_turn

from cmdb.reconciliation.near_equal import near_equal

TEXTS = 200_000
_SYLLABLES = ("ba", "ko", "ri", "ten", "mor", "lu", "san", "pel", "vi", "dra", "qu", "hex", "zor", "nim", "tal")


def measure(times: int) -> list[Result]:
    """How often the texts are sorted meanwhile, and how the time grows when they become twice as many."""
    texts = _texts(TEXTS)
    whole, half = dict.fromkeys(texts, 1), dict.fromkeys(texts[: TEXTS // 2], 1)
    return [
        in_turn("nearly equal ones of 200,000 texts, against sorting", lambda: near_equal(whole), lambda: sorted(texts),
                100, times),
        in_turn("nearly equal ones of 200,000 texts, against 100,000", lambda: near_equal(whole),
                lambda: near_equal(half), 2.6, times),
    ]  # fmt: skip


def _texts(number: int) -> list[str]:
    chance = random.Random(7)
    found: dict[str, None] = {}
    while len(found) < number:
        words = [
            "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).title() for _ in range(chance.randint(1, 3))
        ]
        text = " ".join(words) + (f" {chance.randint(1, 9_999)}" if chance.random() < 0.3 else "")
        found[text] = None
        if chance.random() < 0.05:
            place = chance.randrange(len(text))
            found[text[:place] + text[place + 1 :]] = None
    texts = list(found)[:number]
    chance.shuffle(texts)
    return texts
