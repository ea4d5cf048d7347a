"""Finding what one is looking for by what one types: Chinese, English, pinyin or its initials."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from rapidfuzz import fuzz

from dashboard.catalogue import Catalogue
from dashboard.text import Text

Kind = Literal["indicator", "page", "thing", "number"]
"""What is found: an indicator, a page, a named thing such as a stop, a row by its number."""
ORDER: tuple[Kind, ...] = ("number", "page", "indicator", "thing")
LONGEST = 60
"""Characters of a question that are looked at."""
_ALIKE = 78.0
"""How alike (of 100) a word must be that was mistyped."""
_FEW = 3
"""Where less than this is found, what is only alike is found too."""


@dataclass(frozen=True)
class Entry:
    """One thing that can be found: what it is called, what it belongs to, and where it leads.
    `words` are further names, such as its key."""

    kind: Kind
    title: Text
    under: Text
    href: str
    words: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All that it is called, as compared."""
        return tuple(plain(name) for name in (self.title.zh, self.title.en, *self.words))

    @cached_property
    def sounds(self) -> tuple[str, str]:
        """The initials of its Chinese title's pinyin, and the pinyin itself."""
        return pinyin_of(self.title.zh)


def plain(text: str) -> str:
    """A text as it is compared: without case, width and blanks around."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


@lru_cache(maxsize=4096)
def pinyin_of(text: str) -> tuple[str, str]:
    """Initials and whole pinyin of a Chinese text without tones; what is not Chinese stays."""
    # Only who searches carries its dictionary of phrases.
    from pypinyin import lazy_pinyin

    syllables = [plain(part) for part in lazy_pinyin(text)]
    whole = "".join(syllables)
    initials = "".join(s[:1] if s.isalpha() else s for s in syllables)
    return initials.replace(" ", ""), whole.replace(" ", "")


def search(entries: Iterable[Entry], typed: str, most: int) -> list[Entry]:
    """What fits best first, at most so many: whole names before their beginnings before their
    parts; what is only alike where little else is found."""
    asked = plain(typed[:LONGEST])
    if not asked:
        return []
    known = list(entries)
    ranked = [(rank, entry) for entry in known if (rank := _rank(entry, asked)) is not None]
    if len(ranked) < _FEW and len(asked) > 2:
        found = {entry.href for _, entry in ranked}
        ranked += [(9, e) for e in known if e.href not in found and _is_alike(e, asked)]
    ranked.sort(key=lambda pair: (pair[0], ORDER.index(pair[1].kind), len(pair[1].title.zh)))
    return [entry for _, entry in ranked[:most]]


def _rank(entry: Entry, asked: str) -> int | None:
    """How well an entry fits, 0 best; None where it does not."""
    initials, whole = entry.sounds
    joined = asked.replace(" ", "")
    if asked in entry.names:
        return 0
    if any(name.startswith(asked) for name in entry.names):
        return 1
    if len(joined) > 1 and initials.startswith(joined):
        return 2
    if len(joined) > 1 and whole.startswith(joined):
        return 3
    if any(asked in name for name in entry.names):
        return 4
    if len(joined) > 1 and (joined in initials or joined in whole):
        return 5
    parts = asked.split()
    if len(parts) > 1 and all(any(part in name for name in entry.names) for part in parts):
        return 6
    return None


def _is_alike(entry: Entry, asked: str) -> bool:
    names = (*entry.names, entry.sounds[1])
    return any(fuzz.partial_ratio(asked, name) >= _ALIKE for name in names if len(name) > 2)


def entries_of(catalogue: Catalogue, pages: Sequence[tuple[str, Text]]) -> list[Entry]:
    """Indicators and pages of a catalogue, and the pages given by path and title."""
    return [*_pages(catalogue, pages), *_indicators(catalogue)]


def _pages(catalogue: Catalogue, pages: Sequence[tuple[str, Text]]) -> Iterator[Entry]:
    page = Text(zh="页面", en="Page")
    for path, title in pages:
        yield Entry("page", title, page, path)
    for screen in catalogue.duty_walls.values():
        yield Entry("page", screen.title, Text(zh="大屏", en="Wall"), f"/wall/{screen.key}")
    for one in catalogue.pages.values():
        yield Entry("page", one.title, page, f"/department/{one.key}", (one.key,))


def _indicators(catalogue: Catalogue) -> Iterator[Entry]:
    for key, indicator in catalogue.indicators():
        if not indicator.internal:
            under = catalogue.department_of(key).title
            short = (indicator.short.zh, indicator.short.en) if indicator.short else ()
            words = (key, *short, *indicator.serves)
            yield Entry("indicator", indicator.title, under, f"/indicator/{key}", words)
