"""The catalogues: English says everything, keeps what is filled in, and Vietnamese stands in wherever it does not."""

import re
import shutil
from pathlib import Path

import pytest

import app.ui.texts
import web.texts
from app.ui.texts import Texts

SOURCE = sorted(web.texts.collect_texts())
UNTRANSLATED = "Câu này chưa ai dịch"


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogues compiled beside a copy, with one text that nobody has translated yet."""
    shutil.copytree(web.texts.LOCALE, tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    monkeypatch.setattr(web.texts, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(app.ui.texts, "files", lambda _package: tmp_path)
    web.texts.write_catalogue("en", {*SOURCE, UNTRANSLATED})
    web.texts.compile_catalogues()


def in_language(language: str) -> dict[str, str]:
    return {message.id: message.string for message in web.texts.read_catalogue(language) if message.id}


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"{[^}]*}", text))


def test_every_text_has_an_english_translation() -> None:
    english = in_language("en")
    assert [text for text in SOURCE if not english.get(text, "").strip()] == []


def test_a_translation_is_filled_in_with_the_same_fields() -> None:
    english = in_language("en")
    assert {text for text in SOURCE if placeholders(text) != placeholders(english.get(text, text))} == set()


def test_the_vietnamese_catalogue_says_what_the_source_says() -> None:
    assert in_language("vi") == {text: text for text in SOURCE}


@pytest.mark.usefixtures("compiled")
def test_compiled_catalogues_are_read() -> None:
    assert Texts("en")("Thấy {count} hộ", count=3) == "3 households found"
    assert Texts("vi")("Thấy {count} hộ", count=3) == "Thấy 3 hộ"


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(("language", "text"), [("xx", "Chờ gửi"), ("en", UNTRANSLATED), ("en", "")])
def test_vietnamese_stands_in_for_what_is_missing(language: str, text: str) -> None:
    assert Texts(language)(text) == text


def test_a_language_that_is_not_there_is_vietnamese() -> None:
    assert Texts("xx").language == "vi"
