"""Finds the encoding of a text file by its bytes, and how sure that is.

UTF-8, and UTF-16 or UTF-32 with or without a mark, are known by their bytes. For everything else the words that hold
bytes above 127 are read in each encoding, and the reading that looks most like a language is taken. charset-normalizer
tells the encodings of East Asian languages, and the scripts without capital letters; between the others, which differ
in few letters, the alphabets of the languages decide.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from cmdb.model.characters import without_halves
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message

DOUBTFUL = 0.7
"""An encoding found with less confidence than this is said to be in doubt."""

#: Bytes of the sample, and cells that are looked at in each part of a file.
_SAMPLE = 20_000
_MOST_IN_A_PART = 300
_MOST_WORDS = 400
_HIGH = re.compile(rb"[\x80-\xff]")
_TO_END = re.compile(rb"[^,;\t\r\n\"]{1,100}")
_ENDS = re.compile(rb"[,;\t\r\n\"]")

#: The letters of each language beyond A to Z, in lower case: the frequent ones, and after the bar the rare ones.
_WESTERN = {
    "de": "äöüß", "fr": "éèàçêâ|æëîïôœùûüÿ", "es": "áéíñóú|üºª", "pt": "ãáçéêíóõ|âàôúüºª", "it": "àèéìòù|íîïóú",
    "sv": "äåö|é", "da": "æøå|é", "is": "áðéíóúýþæö", "nl": "éë|ïóöüè", "ca": "àçéèíòó|ïúü",
}  # fmt: skip
_CENTRAL = {
    "cs": "áčďéěíňóřšťúůýž", "sk": "áčéíľšťúýž|äďĺňóôŕ", "pl": "ąćęłńóśźż", "hu": "áéíóöőúüű", "ro": "ăâîșşțţ",
    "hr": "čćđšž", "de": "|äöüß",
}  # fmt: skip
_BALTIC = {"lv": "āčēģīķļņšūž", "lt": "ąčęėįšųūž", "et": "äõöü|šž", "de": "|äöüß"}
_TURKISH = {"tr": "çğıöşü|âîû", "de": "|äöüß"}
_CYRILLIC = {
    "ru": "абвгдежзийклмнопрстухцчшыьюя|фщъэё", "uk": "абвгдежзийклмнопрстухцчшьюяії|ґєфщ",
    "be": "абвгдежзійклмнопрстуўхцчшыьэюя|ёф", "bg": "абвгдежзийклмнопрстухцчшщъюя|ьф",
    "sr": "абвгдежзијклмнопрстћухцчш|ђљњџф",
}  # fmt: skip
_GREEK = {"el": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ|ϊϋΐΰ"}
_HEBREW = {"he": "אבגדהוזחטיךכלםמןנסעףפץצקרשת"}
_ARABIC = {"ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"}
_THAI = {"th": "".join(map(chr, (*range(0x0E01, 0x0E3B), *range(0x0E40, 0x0E4F))))}

#: Encodings with one byte per letter, the languages that they are used for, and how many words it takes to believe
#: that a file has this one and none that is more usual.
_SINGLE: Mapping[str, tuple[Mapping[str, str], float]] = {
    "cp1252": (_WESTERN, 0.0), "cp1250": (_CENTRAL, 0.1), "cp1251": (_CYRILLIC, 0.1), "cp1254": (_TURKISH, 0.2),
    "cp1253": (_GREEK, 0.2), "cp1257": (_BALTIC, 0.2), "cp850": (_WESTERN, 0.3), "mac_roman": (_WESTERN, 0.3),
    "iso8859-2": (_CENTRAL, 0.3), "koi8-r": (_CYRILLIC, 0.3), "cp1255": (_HEBREW, 0.3), "cp1256": (_ARABIC, 0.3),
    "cp874": (_THAI, 0.3), "iso8859-15": (_WESTERN, 0.3), "cp852": (_CENTRAL, 0.4), "cp866": (_CYRILLIC, 0.4),
    "iso8859-5": (_CYRILLIC, 0.4), "iso8859-7": (_GREEK, 0.4), "koi8-u": (_CYRILLIC, 0.4), "cp857": (_TURKISH, 0.5),
    "iso8859-13": (_BALTIC, 0.5), "cp737": (_GREEK, 0.5), "cp437": (_WESTERN, 0.5), "iso8859-6": (_ARABIC, 0.6),
    "mac_cyrillic": (_CYRILLIC, 0.8), "mac_latin2": (_CENTRAL, 0.8),
}  # fmt: skip
_WITHOUT_CAPITALS = {"cp1255", "cp1256", "iso8859-6", "cp874"}
#: Encodings with several bytes per letter.
_SEVERAL = ("cp932", "gb18030", "cp950", "cp949", "euc_jp")
#: Signs that texts in these encodings hold besides letters.
_SIGNS = frozenset("’‘“”„–—…€£°®™©·•§«»‹›²³µ½¼¾×±№¿¡ºª\xa0")
#: Signs that may stand right before a letter.
_OPENING = frozenset("’‘“„–—·…«‹§¿¡\xa0°µ")


@dataclass(frozen=True, slots=True)
class FoundEncoding:
    """A text's encoding (a Python codec's name) and how sure it is, from 0 to 1."""

    name: str
    confidence: float = 1.0

    @property
    def doubtful(self) -> bool:
        """Whether a person should look at the letters."""
        return self.confidence < DOUBTFUL


def codec_named(name: str) -> str:
    """The codec of that name, as Python calls it. Raises FileProblem where there is none for text."""
    try:
        found = codecs.lookup(name.strip())
        "".encode(found.name)  # there are codecs for other things than text
    except (LookupError, ValueError, TypeError):
        raise FileProblem(
            Message(
                "There is no text encoding “{encoding}”. Known are utf-8, utf-16, cp1252, cp1250, cp1251, cp850, "
                "iso8859-2, mac_roman, shift_jis, gb18030 and others.",
                encoding=name,
            )
        ) from None
    return found.name


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text of a file, and how it was read."""

    text: str
    encoding: FoundEncoding
    mixed: tuple[int, ...] = ()
    """Numbers of the lines (1-based) that were not in the file's encoding."""
    mixed_encoding: str = ""
    """The encoding in which those lines were read."""
    replaced: int = 0
    """Bytes that are nothing in the file's encoding. U+FFFD stands for each."""


def _whole(data: bytes, codec: str) -> str:
    """The text, with the replacement character for halves of surrogate pairs; it is said where cells are read.

    Raises UnicodeDecodeError.
    """
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return without_halves(data.decode(codec, "surrogatepass"))


def decode(name: str, data: bytes, encoding: str = "") -> DecodedText:
    """The text of a file's bytes; its encoding is found where none is named.

    Raises FileProblem for an encoding that there is not, or that the bytes are not in.
    """
    if encoding:
        codec = codec_named(encoding)
        try:
            return DecodedText(_whole(data, codec).removeprefix("\ufeff"), FoundEncoding(codec))
        except UnicodeDecodeError as error:
            raise FileProblem(
                Message(
                    "{file} is not {encoding}: byte {number} does not fit.",
                    file=name,
                    encoding=encoding,
                    number=error.start,
                )
            ) from None
    wide = by_mark(data) or wide_without_mark(data)
    try:
        text = _whole(data, wide or "utf-8")
    except UnicodeDecodeError as error:
        if wide.startswith(("utf-16", "utf-32")):
            message = Message(
                "{file} is {encoding} that was cut short or damaged.", file=name, encoding=wide[:6].upper()
            )
            raise FileProblem(message) from error
        if _mostly_utf8(data):
            return _decode_mixed(data)
        found = _guessed(data)
        text = data.decode(found.name, "replace")
        return DecodedText(text, found, replaced=text.count("\ufffd"))
    if not wide and _is_iso2022(data):
        return DecodedText(data.decode("iso2022_jp"), FoundEncoding("iso2022_jp", 0.95))
    return DecodedText(text, FoundEncoding(wide or "utf-8"))


def _decode_mixed(data: bytes) -> DecodedText:
    """UTF-8 with lines in another encoding: the one that these look like together, cp1252 where that is in doubt."""
    lines: list[str] = []
    mixed: dict[int, bytes] = {}
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append("")
            mixed[number] = line
    found = _guessed(b"\n".join(mixed.values()))
    name = "cp1252" if found.doubtful else found.name
    for number, line in mixed.items():
        lines[number - 1] = line.decode(name, "replace")
    text = "\n".join(lines).removeprefix("\ufeff")
    return DecodedText(text, FoundEncoding("utf-8"), tuple(mixed), name, text.count("\ufffd"))


def by_mark(data: bytes) -> str:
    """The codec of text that begins with a byte order mark, or ""."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    return "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ""


def wide_without_mark(data: bytes) -> str:
    """The codec of UTF-16 or UTF-32 text that has no byte order mark, or "".

    Separators, digits and line ends have zero bytes, all of them in the same places.
    """
    sample = data[:4000]
    if len(sample) < 8 or b"\0" not in sample:
        return ""
    quarters = [sample[i::4].count(0) / (len(sample) // 4) for i in range(4)]
    if min(quarters[2:]) > 0.9 and quarters[0] < 0.05:
        return "utf-32-le"
    if min(quarters[:2]) > 0.9 and quarters[3] < 0.05:
        return "utf-32-be"
    half = len(sample) // 2
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    for name, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if high > 0.7 and low < 0.05:
            return name
        if high > 0.08 and low == 0 and _reads_as_wide(sample, name):
            return name
    return ""


def _reads_as_wide(sample: bytes, name: str) -> bool:
    """Whether bytes are UTF-16 in another script than Latin: letters, separators, and nothing else."""
    try:
        text = sample[: len(sample) // 2 * 2].decode(name)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4:
            return False
        text = sample[: error.start].decode(name, "ignore")
    strange = sum(1 for c in text if c not in "\t\r\n" and unicodedata.category(c) in ("Cc", "Cn", "Co"))
    return strange == 0 and any(c in "\r\n" for c in text)


def _mostly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(1 for c in text[:800_000] if c > "\x7f") - wrong
    return right > wrong


def _is_iso2022(data: bytes) -> bool:
    """Whether it is the encoding of Japanese mail, which has no byte above 127 and begins its letters with ESC $."""
    if b"\x1b$" not in data[:64_000]:
        return False
    try:
        data.decode("iso2022_jp")
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    text: str
    likeness: float
    """How much it looks like a language: 1 is wholly."""
    weight: float
    """The likeness in words of the sample, less what speaks against this encoding from the start."""


#: In the encodings of ISO 8859 these bytes are control characters, which no file has.
_CONTROLS = bytes(range(0x80, 0xA0))


def _guessed(data: bytes) -> FoundEncoding:
    sample = _high_cells(data)
    hints = _normalizer_says(sample)
    macintosh = b"\r" in data and b"\n" not in data  # as old Macintosh programs end lines
    found = sorted([*_single(sample, hints, macintosh), *_several(sample, hints)], key=lambda one: -one.weight)
    for place, one in enumerate(found[:6]):
        if place and one.likeness < 0.5:
            break
        if one.name.startswith("iso8859") and len(data.translate(None, _CONTROLS)) < len(data):
            continue
        try:
            data.decode(one.name)
        except UnicodeDecodeError:
            continue
        rivals = [other.weight for other in found if other.text != one.text]
        lead = 1.0 if not rivals else max(0.0, one.weight - max(rivals))
        sure = max(0.1, min(0.99, one.likeness * (0.5 + 0.5 * min(1.0, lead / 1.2))))
        return FoundEncoding(one.name, round(sure if not place else min(sure, 0.6), 2))
    return FoundEncoding(found[0].name if found else "cp1252", 0.3)


def _high_cells(data: bytes) -> bytes:
    """The different cells that hold bytes above 127, up to the size of a sample, a line each.

    They are taken from all parts of the file: one that is dense at its start may be in another language further down.
    """
    seen: dict[bytes, None] = {}
    size = 0
    step = max(-(-len(data) // 64), 1 << 16)
    starts = range(0, len(data), step)
    for part, start in enumerate(starts, 1):
        place, stop = start, min(start + step, len(data))
        for _ in range(_MOST_IN_A_PART):
            found = _HIGH.search(data, place, stop)
            if found is None or size > _SAMPLE * part // len(starts):
                break
            at = found.start()
            right = _TO_END.match(data, at)
            place = right.end() if right else at + 1
            cell = (_ENDS.split(data[max(start, at - 99) : at])[-1] + data[at:place]).strip()
            if cell not in seen:
                seen[cell] = None
                size += len(cell) + 1
    return b"\n".join(seen)


def _normalizer_says(sample: bytes) -> dict[str, float]:
    """The encodings that charset-normalizer holds possible, and how much each looks like a language to it (0 to 1)."""
    from charset_normalizer import from_bytes

    found = from_bytes(sample, enable_fallback=False, preemptive_behaviour=False)
    hints: dict[str, float] = {}
    for match in found:
        for name in (match.encoding, *match.could_be_from_charset):  # they read the same
            hints.setdefault(codecs.lookup(name).name, max(0.0, match.coherence - match.chaos))
    return hints


#: ASCII, and the letters of Hebrew. In Cyrillic these are some of the small letters and no capital one.
_HEBREW_BYTES = frozenset((*range(0x80), *range(0xE0, 0xFB)))


def _single(sample: bytes, hints: Mapping[str, float], macintosh: bool) -> Iterator[_Candidate]:
    """The readings in encodings of one byte per letter."""
    for name, (languages, doubt) in _SINGLE.items():
        hint = hints.get(codecs.lookup(name).name)
        if hint is None and name in _WITHOUT_CAPITALS:
            continue
        text = sample.decode(name, "replace")
        words = _words(text)
        if words:
            likeness = _likeness(words, languages)
            more = (hint or 0.0) * (2.0 if name in _WITHOUT_CAPITALS else 0.5)
            if macintosh and name.startswith("mac_"):
                more += 0.4
            if name == "cp1255" and _HEBREW_BYTES.issuperset(sample):
                more += 1.0
            yield _Candidate(name, text, likeness, likeness * len(words) + more - doubt)


def _several(sample: bytes, hints: Mapping[str, float]) -> Iterator[_Candidate]:
    """The readings in encodings of several bytes per letter, if they consist of frequent letters."""
    for name in _SEVERAL:
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        words = _words(text)
        letters = [c for c in "".join(words) if c > "\x7f"]
        torn = sum(1 for word in words if _TORN.search(word))
        if letters:
            likeness = sum(_frequent(c, name) for c in letters) / len(letters) - torn / len(words)
            kana = sum(1 for c in letters if "\u3041" <= c <= "\u30fc")
            if name == "gb18030" and len(letters) > 5 and max(c.encode(name)[0] for c in letters) <= 0xC8:
                likeness -= 0.3  # Korean looks like this; Chinese has letters beyond
            if name in ("cp932", "euc_jp"):
                likeness -= 0.1 if not kana else 0
            elif kana:
                likeness -= 0.3
            likeness *= 0.3 + 0.7 * sum(1 for word in words if _RUN.search(word)) / len(words)
            yield _Candidate(name, text, likeness, likeness * len(words) + hints.get(name, 0.0))


#: A single foreign letter inside a word in Latin letters: what "Köln" looks like in such an encoding.
_RUN = re.compile(r"[^\x00-\x7f]{2}")
_TORN = re.compile(r"[A-Za-z][^\x00-\x7f]{1,2}[a-z]|[a-z][^\x00-\x7f]$")


@cache
def _frequent(letter: str, encoding: str) -> float:
    """Whether a letter is one of the frequent ones that come first in the character set: 1, or less."""
    if "\u3041" <= letter <= "\u30fc" or "\u3000" <= letter <= "\u300f" or "\uff01" <= letter <= "\uff5e":
        return 1.0
    try:
        first = letter.encode({"gb18030": "gb2312", "cp949": "euc_kr", "cp932": "shift_jis"}.get(encoding, encoding))[0]
    except UnicodeEncodeError:
        return 0.0
    low, high = {
        "gb18030": (0xB0, 0xD7), "cp950": (0xA4, 0xC6), "cp949": (0xB0, 0xC8), "euc_jp": (0xB0, 0xCF),
        "cp932": (0x88, 0x97),
    }[encoding]  # fmt: skip
    if low <= first <= high:
        return 1.0 if encoding == "cp949" else 0.98
    return 0.3 if first > high and unicodedata.category(letter) == "Lo" and not _is_half_width(letter) else 0.0


def _is_half_width(letter: str) -> bool:
    return "\uff61" <= letter <= "\uffdc"


def _words(text: str) -> list[str]:
    """Pieces between blanks that hold anything beyond ASCII, from all parts of the text."""
    found = [word for word in re.split(r"[\x00-\x20]+", text) if not word.isascii()]
    return found[:: max(1, len(found) // _MOST_WORDS)]


def _likeness(words: list[str], languages: Mapping[str, str]) -> float:
    """The best language's likeness, with some credit for what another language of these explains."""
    weights = {language: _weights(letters) for language, letters in languages.items()}
    any_of = frozenset("".join(languages.values()))
    sums = dict.fromkeys(languages, 0.0)
    for word in words:
        shape = _shape(word)
        letters = [c for c in word.lower() if c > "\x7f" and c.isalpha()]
        if shape <= 0 or not letters:
            for language in sums:
                sums[language] += shape
            continue
        wider = 0.55 * sum(1.0 if c in any_of else -0.5 for c in letters) / len(letters)
        for language, known in weights.items():
            own = [known.get(c, 0.0) for c in letters]
            sums[language] += shape * (sum(own) / len(own) if all(own) else wider)
    return max(sums.values()) / len(words)


@cache
def _weights(letters: str) -> dict[str, float]:
    frequent, _, rare = letters.partition("|")
    return {**dict.fromkeys(rare, 0.8), **dict.fromkeys(frequent, 1.0)}


def _shape(word: str) -> float:
    """How much a piece of text looks like a word, whatever its language: 1 to -1."""
    worst = 1.0
    scripts = set()
    before = ""
    for place, letter in enumerate(word):
        if letter > "\x7f":
            after = word[place + 1 : place + 2]
            if letter.isalpha() and letter not in "ºªµ":
                if letter.isupper() and (before.islower() or (before.isupper() and after.islower())):
                    worst = min(worst, -0.5 if before.islower() else 0.2)
                if before.isdigit():
                    worst = min(worst, 0.4)
            elif unicodedata.category(letter) in ("Cc", "Cn", "Co", "Cf") or letter == "\ufffd":
                return -1.0
            elif not unicodedata.category(letter).startswith("M"):
                inside = before.isalpha() and after.isalpha()
                if letter in _SIGNS:
                    if inside and letter not in "’‘–·":
                        worst = min(worst, -0.5)
                    elif (letter in "½¼¾" and before.isalpha()) or (letter not in _OPENING and after.islower()):
                        worst = min(worst, 0.2)
                    worst = min(worst, 0.97)
                else:
                    worst = min(worst, -1.0 if inside else -0.3)
        elif letter.isupper() and before > "\x7f" and before.islower():
            worst = min(worst, 0.3)
        if (letter.isalpha() and letter not in "ºªµ") or unicodedata.category(letter) == "Mn":
            scripts.add(_script(letter))
        before = letter
    return min(worst, -0.5) if len(scripts) > 1 else worst


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split(" ")[0]
