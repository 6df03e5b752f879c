"""Writes the guide for members into docs/vi, with its pictures: `python -m web.guide`."""

from pathlib import Path

from app.ui.guide import list_chapters

FOLDER = Path(__file__).parent.parent / "docs" / "vi"
PICTURES = "../pictures"
HEAD = "<!-- Viết ra từ app/ui/guide bằng python -m web.guide -->\n\n"


def pages() -> dict[str, str]:
    """Each file of docs/vi with its text."""
    chapters = list_chapters()
    index = "".join(f"{place}. [{one.title}]({one.name}.md)\n" for place, one in enumerate(chapters, 1))
    words = "Trong ứng dụng cũng có, không cần mạng: **Máy này → Hướng dẫn**."
    made = {f"{one.name}.md": HEAD + one.with_pictures(PICTURES) for one in chapters}
    officials = "Cho cán bộ xã: [hướng dẫn riêng](can-bo/README.md)."
    return made | {"README.md": f"{HEAD}# Hướng dẫn cho tổ viên\n\n{index}\n{words}\n\n{officials}\n"}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
