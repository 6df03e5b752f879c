"""Collects every text that a person can read into the catalogues: `python -m web.texts`.

The source language is Vietnamese, as it stands in the code. Besides the texts marked there, the core's questions and
problems are translated where the app shows them, and so are the criteria sets that are shipped. One that a commune
imported stays as it was written.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from survey import doubt_words, field_words
from survey.criteria import CriteriaSet
from survey.helping import HOW, WHAT
from survey.problems import PROBLEMS
from survey.questions import CATALOGUE

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "app" / "ui" / "locale"
LANGUAGES = ("vi", "en")


def collect_texts() -> set[str]:
    """The Vietnamese texts that the app can show, as they stand in the source."""
    marked = extract_from_dir(ROOT / "app" / "ui", [("**.py", "python")], keywords={"t": None, "later": None})
    texts = {message for _file, _line, message, _comments, _context in marked if isinstance(message, str)}
    details = extract_from_dir(ROOT / "survey", [("**.py", "python")], keywords={"FieldProblem": (2,), "filled": (2,)})
    texts |= {message for _file, _line, message, _comments, _context in details if isinstance(message, str)}
    texts |= field_words.EVERY | doubt_words.EVERY
    texts |= {*WHAT.values(), *(step for steps in HOW.values() for step in steps)}
    texts |= {question.asks for question in CATALOGUE.values()}
    texts |= {text for problem in PROBLEMS.values() for text in (problem.title, problem.advice)}
    for file in (ROOT / "survey" / "criteria_sets").glob("*.json"):
        shipped = CriteriaSet.model_validate_json(file.read_text(encoding="utf-8"))
        texts |= {shipped.title, shipped.document, "thôn"}
        texts |= {text for item in shipped.criteria for text in (item.title, item.denominator_name)}
    return texts - {""}


def catalogue_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "tungnha.po"


def read_catalogue(language: str) -> Catalog:
    """The catalogue as it is on disk; an empty one for a new language."""
    path = catalogue_file(language)
    if not path.exists():
        return Catalog(locale=language, domain="tungnha")
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="tungnha")


def write_catalogue(language: str, texts: set[str]) -> None:
    """Bring a catalogue to these texts: new ones untranslated (Vietnamese needs no translation), old ones dropped."""
    known = {message.id: message.string for message in read_catalogue(language) if message.id}
    catalogue = Catalog(locale=language, domain="tungnha", project="Từng Nhà", fuzzy=False, header_comment="# Từng Nhà")
    for text in sorted(texts):
        catalogue.add(text, text if language == "vi" else known.get(text, ""))
    path = catalogue_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, omit_header=True, sort_output=True, width=120)


def compile_catalogues() -> None:
    """Write the compiled catalogues, which the app reads, beside their sources."""
    for language in LANGUAGES:
        with catalogue_file(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, read_catalogue(language))


def main() -> None:
    texts = collect_texts()
    for language in LANGUAGES:
        write_catalogue(language, texts)
    compile_catalogues()
    untranslated = [message.id for message in read_catalogue("en") if message.id and not message.string]
    print(f"{len(texts)} texts, {len(untranslated)} without English")


if __name__ == "__main__":
    main()
