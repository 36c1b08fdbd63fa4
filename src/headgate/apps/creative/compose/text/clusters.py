"""What a reader takes for one character: never broken, dropped or measured in parts."""

import unicodedata

_JOINER = "\u200d"
_MARKS = {"Mn", "Mc", "Me"}
_THAI_LEADING = range(0x0E40, 0x0E45)  # vowels written before their consonant
_THAI_TRAILING = {0x0E30, 0x0E32, 0x0E33, 0x0E45}  # and those written after it
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)
_VIRAMAS = {0x094D, 0x09CD, 0x0A4D, 0x0ACD, 0x0B4D, 0x0BCD, 0x0C4D, 0x0CCD, 0x0D4D}


def clusters(text: str) -> list[str]:
    """Split a text into grapheme clusters, near enough to Unicode annex 29 for headlines.

    Beyond it, Thai vowels stay with their consonant and Indic conjuncts stay whole.
    """
    found: list[str] = []
    for character in text:
        if found and _continues(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _continues(cluster: str, character: str) -> bool:
    code, last = ord(character), ord(cluster[-1])
    if unicodedata.category(character) in _MARKS or character == _JOINER or cluster[-1] == _JOINER:
        return True
    if code in _SKIN_TONES or code in _TAGS or code in _THAI_TRAILING:
        return True
    if code in _FLAG_LETTERS:
        return len(cluster) == 1 and last in _FLAG_LETTERS
    return last in _THAI_LEADING or last in _VIRAMAS
