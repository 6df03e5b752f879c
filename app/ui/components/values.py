"""Names and values of fields in words, as a person reads them."""

from collections.abc import Mapping
from typing import Any

from app.ui.texts import Texts
from survey.field_words import FIELD_WORDS, value_words
from survey.privacy import mask_phone
from survey.questions import CATALOGUE


def field_name(t: Texts, key: str) -> str:
    """The question, the field, or the criterion that a key stands for."""
    if key in CATALOGUE:
        return t(CATALOGUE[key].asks)
    return t(FIELD_WORDS[key]) if key in FIELD_WORDS else t("Tiêu chí {no}", no=key)


def field_value(t: Texts, key: str, value: Any, names: Mapping[str, str], *, sees_phones: bool) -> str:
    """One value in words, an empty one too; `names` are those of the team and the villages by their id. A telephone
    number is masked unless `sees_phones`, which is for the village's own team."""
    if key == "phone" and value is not None and not sees_phones:
        return mask_phone(str(value))
    return t(value_words(key, value, names))
