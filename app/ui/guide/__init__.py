"""The guide for members, in the app and in docs/vi from the same texts: title, headings, lists, pictures' places."""

import re
from dataclasses import dataclass
from importlib.resources import files

_PICTURE = re.compile(r"\[hình: ([a-z-]+)\]")


@dataclass(frozen=True)
class Chapter:
    """One page of the guide: its file's name, its title, and what stands under it."""

    name: str
    title: str
    text: str

    def with_pictures(self, folder: str) -> str:
        """The page as Markdown, with its pictures from this folder."""
        return f"# {self.title}\n\n" + _PICTURE.sub(rf"![]({folder}/\1.png)", self.text)

    def blocks(self) -> list[tuple[str, str]]:
        """The page in order, without pictures: "heading", "item" or "paragraph", and its words without signs."""
        found = []
        for line in self.text.splitlines():
            words = line.replace("**", "").strip()
            if not words or _PICTURE.fullmatch(words):
                continue
            kind = "heading" if line.startswith("## ") else "item" if line.startswith("- ") else "paragraph"
            found.append((kind, words.removeprefix("## ").removeprefix("- ")))
        return found


def list_chapters() -> list[Chapter]:
    """All pages, in the order of their names."""
    pages = [one for one in files("app.ui.guide").iterdir() if one.name.endswith(".md")]
    texts = sorted((one.name, one.read_text("utf-8")) for one in pages)
    return [_chapter(name.removesuffix(".md"), text) for name, text in texts]


def _chapter(name: str, text: str) -> Chapter:
    title, _, rest = text.partition("\n")
    return Chapter(name, title.removeprefix("# "), rest.strip() + "\n")
