"""Texts through gettext. Vietnamese is the source language: it stands in the code, other catalogues translate it."""

import gettext
from importlib.resources import files
from io import BytesIO

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT_LANGUAGE = "vi"


def later(text: str) -> str:
    """Marks a text that stands in a table and is translated where it is shown."""
    return text


class Texts:
    """The texts of one language. `t("Còn {count} hộ", count=3)` looks the sentence up, then fills it in."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else DEFAULT_LANGUAGE
        self._catalogue = _catalogue(self.language)

    def __call__(self, message: str, **fields: object) -> str:
        text = self._catalogue.gettext(message) if message else ""
        return text.format(**fields) if fields else text


def _catalogue(language: str) -> gettext.NullTranslations:
    compiled = files("app.ui") / "locale" / language / "LC_MESSAGES" / "tungnha.mo"
    if not compiled.is_file():
        return gettext.NullTranslations()
    return gettext.GNUTranslations(BytesIO(compiled.read_bytes()))
