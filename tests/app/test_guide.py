"""The guide says what the app says: its words are on the screens, and docs/vi is the same text with pictures."""

import re
from pathlib import Path

from app.ui.guide import list_chapters
from survey.privacy import holds_long_number
from web.guide import FOLDER, pages
from web.texts import collect_texts

PAGE = Path(__file__).parent.parent.parent / "web" / "page"


def test_docs_hold_the_guide_of_the_app() -> None:
    assert {one.name: one.read_text("utf-8") for one in FOLDER.glob("*.md")} == pages()


def test_every_picture_is_there() -> None:
    for text in pages().values():
        for name in re.findall(r"\(\.\./pictures/([a-z-]+\.png)\)", text):
            assert (FOLDER.parent / "pictures" / name).exists(), name


def test_what_the_guide_names_is_on_a_screen() -> None:
    before_the_app = [file.read_text("utf-8") for file in PAGE.iterdir() if file.suffix in {".js", ".html"}]
    shown = " ".join([*collect_texts(), *before_the_app])
    chapters = list_chapters()
    assert len(chapters) == 4
    for chapter in chapters:
        for bold in re.findall(r"\*\*(.+?)\*\*", chapter.text):
            for words in re.split(r" → |, ", bold):
                for part in words.split("…"):
                    assert part.strip().rstrip(".") in shown, f"{chapter.name}: {words}"
        assert not holds_long_number(chapter.text)


def test_blocks_have_no_signs_left() -> None:
    for chapter in list_chapters():
        blocks = chapter.blocks()
        assert {kind for kind, _ in blocks} <= {"heading", "item", "paragraph"}
        assert not any(re.search(r"\*\*|\[hình|^#|^- ", words) for _, words in blocks), Path(chapter.name)
