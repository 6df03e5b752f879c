"""The icon font, cut down to the icons the app names and those Flutter's own widgets draw."""

import ast
import io
import json
from importlib.util import find_spec
from pathlib import Path

from web.places import files_below

# Icons inside Flutter's own widgets: app bar, fields, dropdowns, date picker, paging, steppers, menus.
BY_FLUTTER = """
ADD ARROW_BACK ARROW_BACK_IOS ARROW_BACK_IOS_NEW ARROW_DOWNWARD ARROW_DROP_DOWN ARROW_DROP_UP ARROW_FORWARD
ARROW_FORWARD_IOS ARROW_RIGHT ARROW_LEFT ARROW_UPWARD CALENDAR_TODAY CALENDAR_TODAY_OUTLINED CANCEL CHECK CHECK_BOX
CHECK_BOX_OUTLINE_BLANK CHECK_CIRCLE CHEVRON_LEFT CHEVRON_RIGHT CLEAR CLOSE CONTENT_COPY CONTENT_CUT CONTENT_PASTE
DATE_RANGE DELETE DRAG_HANDLE EDIT EDIT_OUTLINED ERROR ERROR_OUTLINE EXPAND_LESS EXPAND_MORE FIRST_PAGE
INDETERMINATE_CHECK_BOX INFO INFO_OUTLINE KEYBOARD KEYBOARD_ARROW_DOWN KEYBOARD_ARROW_LEFT KEYBOARD_ARROW_RIGHT
KEYBOARD_ARROW_UP KEYBOARD_OUTLINED LAST_PAGE MENU MORE_HORIZ MORE_VERT RADIO_BUTTON_CHECKED RADIO_BUTTON_UNCHECKED
REMOVE SCHEDULE SEARCH SELECT_ALL SHARE UNFOLD_MORE VISIBILITY VISIBILITY_OFF WARNING ACCESS_TIME
ACCESS_TIME_OUTLINED
""".split()  # noqa: SIM905 - as words it can be read


def icons_named_in(folder: Path) -> set[str]:
    """Every X of `Icons.X` in the Python files below a folder."""
    known = icon_names()
    found = set()
    for file in files_below(folder):
        if file.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"), str(file))):
            if isinstance(node, ast.Attribute) and node.attr in known and ast.unparse(node.value).endswith("Icons"):
                found.add(node.attr)
    return found


def icon_names() -> set[str]:
    """All names in Flet's own list of Material icons."""
    flet = find_spec("flet")
    assert flet is not None
    assert flet.origin is not None
    return set(json.loads((Path(flet.origin).parent / "controls" / "material" / "icons.json").read_text("utf-8")))


def subset_icon_font(font_file: Path, names: set[str]) -> bytes:
    """The font with only these icons, at the code points Flutter asks for."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(font_file, recalcTimestamp=False)
    code_point = {glyph: code for code, glyph in font.getBestCmap().items()}
    found = {name: _find(name, code_point) for name in names | set(BY_FLUTTER)}
    if missing := sorted(name for name, code in found.items() if code is None):
        raise SystemExit(f"not in the icon font under this name, use another: {', '.join(missing)}")
    wanted = {code for code in found.values() if code is not None}
    options = subset.Options(layout_features=[], name_IDs=[1, 2], notdef_outline=True, glyph_names=False, hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted | {0x20})
    cutter.subset(font)
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _find(name: str, code_point: dict[str, int]) -> int | None:
    """The icon's code point under one of the names that fonts give it (`Icons.HOME` is home_baseline), else None."""
    glyph = name.lower()
    for candidate in (f"{glyph}_baseline", glyph, f"_{glyph}_baseline", f"_{glyph}"):
        if candidate in code_point:
            return code_point[candidate]
    return None
