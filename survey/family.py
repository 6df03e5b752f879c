"""The family list of a visit: what each person is called, and whom one tap can add."""

from collections.abc import Iterable

from survey.drafts import ResidentDraft
from survey.field_words import relation_words

Offer = tuple[str, str | None]
"""A relation and the sex that goes with it; None where it has to be asked."""

_OFFERS: tuple[Offer, ...] = (
    ("head", None),
    ("spouse", "f"),
    ("spouse", "m"),
    ("child", "m"),
    ("child", "f"),
    ("parent", "m"),
    ("parent", "f"),
    ("other", None),
)
_OTHER_SEX = {"m": "f", "f": "m"}


def offers(present: Iterable[ResidentDraft]) -> list[Offer]:
    """Whom the list can still take: one head, one spouse (who fits the head, if the head's sex is known), one father
    and one mother; children and others without end."""
    people = list(present)
    return [offer for offer in _OFFERS if _is_free(offer, people)]


def _is_free(offer: Offer, people: list[ResidentDraft]) -> bool:
    relation, sex = offer
    same = [one for one in people if one.relation == relation]
    if relation == "head":
        return not same
    if relation == "spouse":
        head = next((one.sex for one in people if one.relation == "head"), None)
        return not same and sex != head
    if relation == "parent":
        return len(same) < 2 and all(one.sex != sex for one in same)
    return True


def relations_for(person: ResidentDraft, present: Iterable[ResidentDraft]) -> list[str]:
    """What this person, whose sex may be known, can be to the head, given what the others are."""
    others = [one for one in present if one.id != person.id]
    return list(dict.fromkeys(one for one, sex in offers(others) if sex is None or person.sex in (None, sex)))


def asks_sex(person: ResidentDraft) -> bool:
    """Whether this person's sex is a question: the words "Vợ" or "Con trai" already say it, "Chủ hộ" does not."""
    return person.sex is None or relation_words(person.relation, "m") == relation_words(person.relation, "f")


def other_sex(person: ResidentDraft) -> str | None:
    """The sex to change to, for somebody whose word says it."""
    return _OTHER_SEX.get(person.sex or "")
