"""Where lines may end, and which of the possible ends give lines of even length."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate, pairwise

from headgate.apps.creative.compose.text.clusters import clusters

_IDEOGRAPHIC = re.compile(
    "[\u2e80-\u2fdf\u3001-\u303f\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_HANGUL = re.compile("[\uac00-\ud7af]")
# JIS X 4051: these never start a line ...
_NO_START = set(
    "\u3001\u3002\uff0c\uff0e\u30fb\uff1a\uff1b\uff1f\uff01\u30fc\uff09\uff3d\uff5d\u3015\u3009"
    "\u300b\u300d\u300f\u3011\u2026\u2025\u3005\u301c\uff5e\uff05"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
# ... and these never end one.
_NO_END = set("\uff08\uff3b\uff5b\u3014\u3008\u300a\u300c\u300e\u3010\uffe5\uff04")
_AFTER = set("-\u2010\u2013\u2014/")
_CLOSING = {"Po", "Pe", "Pf", "Pd"}
_KANA, _HIRAGANA = re.compile("[\u3040-\u30ff]"), re.compile("[\u3041-\u309f]")
# In squared em: how uneven lines may become to avoid a poor line end.
_INSIDE_PHRASE, _SHORT_WORD = 2.0, 0.5
_SHORT = 3
_ROUNDING = 1 + 1e-6


@dataclass(frozen=True, slots=True)
class Token:
    """A run that stays on one line; `spaced` when a space parts it from the token before."""

    text: str
    spaced: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """Widths of tokens and of the space between words, in em; the cost of a line end after each."""

    tokens: tuple[float, ...]
    spaced: tuple[bool, ...]
    penalties: tuple[float, ...]
    space: float


def tokens(text: str) -> list[Token]:
    """Split where a line may end: at spaces, between ideographs, after hyphens and slashes."""
    found: list[Token] = []
    for word in text.split(" "):
        lone_mark = found and all(unicodedata.category(c) in _CLOSING for c in word)
        if lone_mark:
            found[-1] = Token(f"{found[-1].text}\u00a0{word}", found[-1].spaced)
            continue
        for index, part in enumerate(_parts(word)):
            found.append(Token(part, spaced=index == 0 and bool(found)))
    return found


def phrases(found: list[Token]) -> list[Token]:
    """Join tokens up to the ends of Japanese or Chinese phrases."""
    joined = found[:1]
    for token in found[1:]:
        if token.spaced or _phrase_ends(joined[-1].text[-1], token.text[0]):
            joined.append(token)
        else:
            joined[-1] = Token(joined[-1].text + token.text, joined[-1].spaced)
    return joined


def split_token(token: Token) -> list[Token]:
    """Split a token between any two of its characters, for when it fits no line."""
    return [
        Token(cluster, spaced=token.spaced and index == 0)
        for index, cluster in enumerate(clusters(token.text))
    ]


def _parts(word: str) -> list[str]:
    parts: list[str] = []
    for cluster in clusters(word):
        if parts and not _breakable(parts[-1], cluster):
            parts[-1] += cluster
        else:
            parts.append(cluster)
    return parts


def _breakable(before: str, after: str) -> bool:
    last, first = before[-1], after[0]
    if first in _NO_START or last in _NO_END:
        return False
    if last in _AFTER:
        return len(before) > 1 and first.isalpha()
    if _HANGUL.match(last) and _HANGUL.match(first):
        return False  # Korean has spaces between its words
    return bool(_IDEOGRAPHIC.match(last) or _IDEOGRAPHIC.match(first))


def end_penalties(found: list[Token]) -> tuple[float, ...]:
    """Return what a line end after each token costs.

    A short word (an article, a preposition) belongs to the next one.
    """
    costs = []
    for before, after in pairwise(found):
        if after.spaced:
            short = before.text.isalpha() and len(before.text) <= _SHORT
            costs.append(_SHORT_WORD if short else 0.0)
        else:
            ends = _phrase_ends(before.text[-1], after.text[0])
            costs.append(0.0 if ends else _INSIDE_PHRASE)
    return (*costs, 0.0)


def _phrase_ends(last: str, first: str) -> bool:
    """Tell phrase ends: at punctuation, and mostly where kana meet the next kanji."""
    return not last.isalpha() or bool(_HIRAGANA.match(last) and not _KANA.match(first))


def narrowest(measure: Measure, lines: int) -> float:
    """Return the least line width at which the tokens fill at most `lines` lines."""
    low = max(measure.tokens)
    high = sum(measure.tokens) + measure.space * sum(measure.spaced)
    if _lines_needed(measure, low) <= lines:
        return low
    for _ in range(24):
        middle = (low + high) / 2
        if _lines_needed(measure, middle) <= lines:
            high = middle
        else:
            low = middle
    return high


def _lines_needed(measure: Measure, width: float) -> int:
    count, used = 1, 0.0
    for token, spaced in zip(measure.tokens, measure.spaced, strict=True):
        gap = measure.space if spaced and used else 0.0
        if used and used + gap + token > width:
            count, used = count + 1, token
        else:
            used += gap + token
    return count


def balanced(measure: Measure, *, lines: int, target: float, limit: float) -> list[int]:
    """Return the index of each line's first token, for exactly `lines` lines.

    No line is wider than `limit`, which must be at least `narrowest(measure, lines)`, unless it is
    a single token. Line ends cost the square of their distance from `target` and their penalty.
    """
    count = len(measure.tokens)
    gaps = [measure.space if spaced else 0.0 for spaced in measure.spaced]
    ends = list(accumulate((t + g for t, g in zip(measure.tokens, gaps, strict=True)), initial=0.0))
    rows: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for _ in range(lines):
        reached: dict[int, tuple[float, int]] = {}
        for start, (cost, _before) in rows[-1].items():
            for end in range(start + 1, count + 1):
                used = ends[end] - ends[start] - gaps[start]
                if used > limit * _ROUNDING and end > start + 1:
                    break
                total = cost + (target - used) ** 2 + measure.penalties[end - 1]
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, start)
        rows.append(reached)
    starts = [count]
    for row in reversed(rows[1:]):
        starts.append(row[starts[-1]][1])
    return starts[:0:-1]
