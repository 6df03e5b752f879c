"""Searching households by words. What was typed is kept by the browser in a cookie for ten minutes: never in an
address, a history, a log, or this process."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from starlette.requests import Request
from starlette.responses import Response

from survey.card_code import read_code
from survey.records import Village
from survey.vietnamese import clean, fold, initials, parse_phone
from survey.villages import full_name
from sync_server.store.household_lines import HouseholdLine

COOKIE, PATH, SECONDS = "tungnha_found", "/office/households", 600
LONGEST = 100
_FEWEST_DIGITS = 4


def keep_words(request: Request, answer: Response, words: str) -> None:
    """Give the browser the words to look for; none forgets them."""
    safe = request.url.scheme == "https"
    text = urlsafe_b64encode(clean(words)[:LONGEST].encode()).decode()
    seconds = SECONDS if text else 0
    answer.set_cookie(COOKIE, text, max_age=seconds, path=PATH, secure=safe, httponly=True, samesite="lax")


def kept_words(request: Request) -> str:
    """The words that the browser brought; empty if none, or if they are no text of ours."""
    try:
        return clean(urlsafe_b64decode(request.cookies.get(COOKIE, "").encode()).decode())[:LONGEST]
    except ValueError:
        return ""


class Wanted:
    """What was typed, ready to be compared: names and addresses without marks, initials, a number, a card's code."""

    def __init__(self, typed: str) -> None:
        phone, code = parse_phone(typed), read_code(typed)
        folded = fold(typed)
        self._places: dict[str, str] = {}
        if phone:
            self.words = ["0" + phone.removeprefix("+84")]
        elif code:
            self.words = [code.lower()]
        elif folded.replace(" ", "").isdecimal():
            self.words = [folded.replace(" ", "")]
        else:
            self.words = folded.split()

    def finds(self, line: HouseholdLine, village: Village) -> bool:
        """Whether every word is in the household's name, initials, address, village, phone number or card."""
        name = line.head_name
        if village.id not in self._places:
            self._places[village.id] = fold(full_name(village))
        text = "\n".join([fold(name), initials(name), fold(line.address), self._places[village.id]])
        phone = "0" + line.phone.removeprefix("+84") if line.phone else ""
        card = (line.card or "").lower()
        return all(_is_in(word, text, phone, card) for word in self.words)


def _is_in(word: str, text: str, phone: str, card: str) -> bool:
    if word in text or word.replace("-", "") in card:
        return True
    # Fewer digits would be in nearly every number, and would guess a masked one digit by digit.
    return word.isdecimal() and len(word) >= _FEWEST_DIGITS and word in phone
