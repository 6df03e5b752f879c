"""Names that Excel takes for the sheets of a workbook."""

import re
import unicodedata
from collections.abc import Iterable

_LONGEST, _RESERVED = 31, "history"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def sheet_names(wanted: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """A name for each sheet, as near as can be to what is wanted: at most 31 UTF-16 units, without the characters that
    Excel forbids, none twice whatever its case, none of those taken."""
    used = {_RESERVED} | {one.casefold() for one in taken}
    names = []
    for text in wanted:
        base = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", text)).strip("' ") or "Thôn"
        name, number = _cut(base, _LONGEST), 1
        while name.casefold() in used:
            number += 1
            end = f" ({number})"
            name = _cut(base, _LONGEST - len(end)) + end
        used.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, units: int) -> str:
    while len(text.encode("utf-16-le")) // 2 > units:
        text = text[:-1]
    return text.rstrip("' ")
