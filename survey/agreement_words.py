"""Back-checks in words: what is asked, how far it agrees, and which way it differs. Numbers of households, with the
interval that they leave open; never one bare percentage."""

from survey.agreement import Agreement, Direction
from survey.back_checks import Compared
from survey.field_words import ANSWER_WORDS
from survey.questions import CATALOGUE

CAME_WORDS = {"yes": "Có", "no": "Không", "dont_know": "Không nhớ"}
ITEM_WORDS = {"came": "Có ai đến nhà không?", "adults": "Mấy người từ 18 tuổi?"}


def item_words(item: str) -> str:
    """What was asked."""
    return ITEM_WORDS.get(item) or CATALOGUE[item].asks


def agreement_words(found: Agreement, unit: str = "hộ") -> str:
    """ "khớp 8/9 hộ (khoảng 56–98 %)"."""
    low, high = (round(100 * side) for side in found.interval)
    return f"khớp {found.matching}/{found.total} {unit} (khoảng {low}–{high} %)"


def direction_words(found: Direction) -> str:
    """ "3 câu trước ghi có, nay là không; 1 câu ngược lại; trên 24 câu"."""
    if not (found.fewer or found.more):
        return f"không câu nào khác, trên {found.total} câu"
    said = f"{found.fewer} câu trước ghi có, nay là không; {found.more} câu ngược lại; trên {found.total} câu"
    if not found.is_one_way:
        return said
    way = "cao" if found.overstated > 0 else "thấp"
    return f"{said}. Số liệu có thể {way} hơn thật."


def both_sides(one: Compared) -> tuple[str, str]:
    """The two answers: what the visit says, and what the family said since."""
    if one.item == "came":
        return "Có", CAME_WORDS[str(one.now)]
    if one.item == "adults":
        before, now = ("không rõ" if value is None else str(value) for value in (one.before, one.now))
        return before, now
    before, now = (ANSWER_WORDS.get(value or "unknown", str(value)) for value in (one.before, one.now))
    return before, now
