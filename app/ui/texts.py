"""Texts through gettext, with numbers and days as readers of the language write them.

Vietnamese is the source language: it stands in the code, other catalogues translate it. Times are always Vietnam's.
"""

import gettext
from datetime import datetime
from fractions import Fraction
from functools import cache
from importlib.resources import files
from io import BytesIO

from survey.problem_shapes import FieldProblem
from survey.times import vietnam_day, vietnam_time
from survey.vietnamese import format_date, format_number, format_percent

_ENGLISH_SIGNS = str.maketrans({".": ",", ",": "."})
_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT_LANGUAGE = "vi"


def later(text: str) -> str:
    """Mark a text in a table for the catalogues; it is translated later, when it is shown."""
    return text


class Texts:
    """The texts of one language. `t("Còn {count} hộ", count=3)` looks the sentence up, then fills it in."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else DEFAULT_LANGUAGE
        self._catalogue = _catalogue(self.language)

    def __call__(self, message: str, **fields: object) -> str:
        text = self._catalogue.gettext(message) if message else ""
        return text.format(**fields) if fields else text

    def problem(self, problem: FieldProblem) -> str:
        """What is wrong with a field, as a sentence."""
        if not problem.template:
            return self(problem.detail)
        values = {name: self(one) if isinstance(one, str) else self.number(one) for name, one in problem.values.items()}
        return self(problem.template, **values)

    @property
    def _is_english(self) -> bool:
        return self.language == "en"

    def number(self, value: int) -> str:
        """ "89.981", in English "89,981"."""
        words = format_number(value)
        return words.translate(_ENGLISH_SIGNS) if self._is_english else words

    def decimal(self, text: str) -> str:
        """A decimal number in plain digits ("99.5") as it is read: "99,5", in English "99.5"."""
        return text if self._is_english else text.replace(".", ",")

    def percent(self, rate: Fraction) -> str:
        """ "94,2 %" with a space that does not break, in English "94.2%"."""
        words = format_percent(rate)
        if self._is_english:
            return words.translate(_ENGLISH_SIGNS).replace(" ", "")
        return words.replace(" ", "\u00a0")

    @property
    def month_names(self) -> tuple[str, ...]:
        """The short names of the months as days are written with them; none where they are numbers."""
        return _ENGLISH_MONTHS if self._is_english else ()

    def day(self, at: datetime) -> str:
        """ "22/11/2026", in English "22 Nov 2026"."""
        day = vietnam_day(at)
        return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}" if self._is_english else format_date(day)

    def moment(self, at: datetime) -> str:
        """ "08:05 22/11/2026", in English "08:05, 22 Nov 2026"."""
        comma = "," if self._is_english else ""
        return f"{vietnam_time(at):%H:%M}{comma} {self.day(at)}"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    compiled = files("app.ui") / "locale" / language / "LC_MESSAGES" / "tungnha.mo"
    if not compiled.is_file():
        return gettext.NullTranslations()
    return gettext.GNUTranslations(BytesIO(compiled.read_bytes()))
