"""The order in which people are asked: who still misses something, and when the next one's turn comes."""

from collections.abc import Iterable

from survey.drafts import ResidentDraft, ResponseDraft
from survey.problem_shapes import FieldProblem


def unfinished(draft: ResponseDraft, problems: Iterable[FieldProblem]) -> list[str]:
    """The ids of the people whom one of these problems of the form is about, in the order of the form."""
    pointers = [one.pointer for one in problems]
    return [
        person.id
        for place, person in enumerate(draft.residents)
        if any(pointer.startswith(f"/residents/{place}/") for pointer in pointers)
    ]


def next_after(who: str, draft: ResponseDraft, missing: Iterable[str]) -> str | None:
    """Whose turn it is after `who`: the next in the list who misses something, then from its start; None if all are
    finished."""
    order = [person.id for person in draft.residents]
    place = order.index(who) + 1 if who in order else 0
    open_ones = set(missing)
    return next((one for one in (*order[place:], *order[:place]) if one in open_ones and one != who), None)


def fills_a_gap(before: ResidentDraft, after: ResidentDraft) -> bool:
    """Whether something was said that had not been said before; a correction of an answered question is not that."""
    if after.relation and not before.relation:
        return True
    if (before.birth_year is None and after.birth_year is not None) or (before.sex is None and after.sex is not None):
        return True
    return any(value is not None and before.answers.get(key) is None for key, value in after.answers.items())


def next_question(who: str, draft: ResponseDraft, problems: Iterable[FieldProblem]) -> str:
    """The first field that this person misses, as the rest of its pointer ("answers/vneid_level"); "" if none."""
    pointers = [one.pointer.split("/", 3)[2:] for one in problems if one.pointer.startswith("/residents/")]
    place = str([person.id for person in draft.residents].index(who))
    return next((rest[1] for rest in pointers if rest[0] == place and len(rest) > 1), "")
