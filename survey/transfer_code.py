"""Short codes that move a sign-in to another place: eight consonants, valid for ten minutes, typed once.

The letters are those of RFC 8628 §6.1: no vowels, so that no word comes out. Of them new codes leave out D and W, of
which a Vietnamese keyboard would make Đ and Ư.
"""

from collections.abc import Callable

from survey.card_code import after_link, read_code, wrong_code
from survey.problem_shapes import FieldProblem

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
MADE_OF = "BCFGHJKLMNPQRSTVXZ"
LENGTH = 8


def make_transfer_code(choose: Callable[[str], str]) -> str:
    """A new code without separators; `choose` picks one of the letters it is given, unpredictably."""
    return "".join(choose(MADE_OF) for _ in range(LENGTH))


def read_transfer_code(text: str) -> str | None:
    """The code in what a person typed, pasted or scanned, in any case and grouping; None where there is none."""
    plain = "".join(letter for letter in after_link(text).upper() if letter.isalnum())
    return plain if len(plain) == LENGTH and all(letter in LETTERS for letter in plain) else None


def read_sign_in_code(text: str) -> str | None:
    """The code that signs somebody in, from an invitation or for moving a sign-in; None where there is neither."""
    return read_code(text) or read_transfer_code(text)


def wrong_sign_in_code(text: str) -> FieldProblem:
    """Why a text in which `read_sign_in_code` finds no code is none, as a sentence that says what to do."""
    letters = sum(letter.isalnum() for letter in after_link(text))
    if letters > LENGTH + 2:
        return wrong_code(text)
    return FieldProblem.filled(
        "/code",
        "Mã trên thẻ có 16 ký tự, mã chuyển có 8 chữ cái. Ở đây có {count}: anh/chị xem lại từng nhóm.",
        count=letters,
    )
