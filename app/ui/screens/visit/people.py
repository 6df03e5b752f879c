"""Second step of a visit: first the list of the family, then its people, one open at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from app.actions.ids import new_id
from app.actions.responses import Campaign
from app.ui import theme
from app.ui.components.frame import paragraph, secondary_button
from app.ui.screens.visit.departed import taken_out, why_gone
from app.ui.screens.visit.family_list import family_list
from app.ui.screens.visit.person import Change, Person, closed_person, fields_of, open_person, title_of
from app.ui.screens.visit.places import START, scroll_key, scroll_place
from app.ui.screens.visit.steps import Field
from app.ui.workspace import use_texts, use_workspace
from survey.asking import fills_a_gap, next_after, next_question, unfinished
from survey.drafts import DraftChange, ResidentDraft, ResponseDraft
from survey.family import Offer, offers, relations_for
from survey.finishing import latest_birth_year, open_questions
from survey.records import Departure

PAUSE = 0.35
"""How long an answer is seen, in seconds, before the next person opens by itself."""
IN_SIGHT = 3
"""Questions of a card that a phone shows at once: it moves on by so many, since taps on a moving page are lost."""
DRAWN = (0.12, 0.3)
"""How long after Python opened a card it is on the screen, in seconds: most often, and on a slow phone."""
NOBODY = ""


@ft.component
def PeopleStep(
    draft: ResponseDraft,
    campaign: Campaign,
    marked: set[str],
    wanted: Field | None,
    change: Callable[[DraftChange], Any],
    scroll_to: Callable[[str], Awaitable[Any]],
) -> ft.Control:
    """The list of people and the buttons that add to it; once it is finished, the people with one open.

    Who is open is `chosen`, by a tap or as the next one; None means the first who misses something. It holds for the
    part in which it was chosen: the list, or the questions. The person of a `wanted` question is opened at it.
    """
    workspace, t = use_workspace(), use_texts()
    now = workspace.clock()
    nobody: tuple[bool, str | None] = (draft.listed, None)
    chosen_in, set_chosen = ft.use_state(nobody)
    leaving, set_leaving = ft.use_state(NOBODY)
    just_left: list[str] = []
    removed, set_removed = ft.use_state(just_left)
    pause: ft.MutableRef[object] = ft.use_ref(None)
    awaited: ft.MutableRef[str] = ft.use_ref(NOBODY)
    was_listed: ft.MutableRef[bool] = ft.use_ref(draft.listed)
    pausing, set_pausing = ft.use_state(NOBODY)

    def missing_in(some: ResponseDraft) -> list[str]:
        return unfinished(some, open_questions(some, campaign.form, campaign.round, now))

    missing = missing_in(draft)
    chosen = chosen_in[1] if chosen_in[0] == draft.listed else None
    if chosen is None:
        chosen = missing[0] if draft.listed and missing else NOBODY
    ft.use_effect(lambda: None, [], cleanup=lambda: _stop(pause))

    def open_one(who: str) -> None:
        _stop(pause)
        awaited.current = NOBODY
        set_pausing(NOBODY)
        set_chosen((draft.listed, who))

    def show(who: str, field: str = "") -> None:
        """Open the person, or nobody, and bring the card to the top, or this question in it."""
        open_one(who)
        awaited.current = who
        ft.context.page.run_task(bring_up, who, field)

    async def bring_up(who: str, field: str = "") -> None:
        """Scroll there once it is drawn. A slow phone may still show the old cards, so the second time is sure."""
        for wait in DRAWN:
            await asyncio.sleep(wait)
            if who and who == awaited.current:
                await scroll_to(START if is_first(who) and not field else scroll_key(who, field))

    def show_what_is_wanted() -> None:
        if wanted:
            show(wanted.who, wanted.name)

    ft.use_effect(show_what_is_wanted, [wanted])

    def is_first(who: str) -> bool:
        return draft.residents[0].id == who

    def begin_to_ask() -> None:
        if draft.listed and not was_listed.current:
            awaited.current = chosen
            ft.context.page.run_task(bring_up, chosen)
        was_listed.current = draft.listed

    ft.use_effect(begin_to_ask, [draft.listed])

    async def move_on(mine: object, who: str) -> None:
        await asyncio.sleep(PAUSE)
        if pause.current is mine:
            show(who)

    async def move_to(mine: object, key: str) -> None:
        """The next question of the same person. Nothing moves if another answer was tapped meanwhile."""
        await asyncio.sleep(PAUSE)
        if pause.current is mine:
            await scroll_to(key)

    def shows(who: str) -> Callable[[], Any]:
        return lambda: show(who)

    def add_more(_event: Any) -> None:
        change(lambda latest: latest.list_is(False))
        ft.context.page.run_task(scroll_to, START)

    def change_of(who: str) -> Change:
        def handler(update: DraftChange, corrects: bool) -> None:
            steps: list[tuple[ResponseDraft, ResponseDraft]] = []

            def noted(latest: ResponseDraft) -> ResponseDraft:
                steps.append((latest, update(latest)))
                return steps[-1][1]

            open_one(who)
            change(noted)
            if not steps or corrects:
                return
            before, after = steps[0]
            old, new = before.find_resident(who), after.find_resident(who)
            if not (old and new and fills_a_gap(old, new) and who in missing_in(before)):
                return
            pause.current = mine = object()
            if who in missing_in(after):
                following = next_question(who, after, open_questions(after, campaign.form, campaign.round, now))
                if fields_of(new, campaign).index(following) % IN_SIGHT == 0:
                    ft.context.page.run_task(move_to, mine, scroll_key(who, following))
            else:
                set_pausing(who)
                next_one = next_after(who, after, missing_in(after)) if draft.listed else None
                ft.context.page.run_task(move_on, mine, next_one or NOBODY)

        return handler

    def add(offer: Offer) -> None:
        identity = new_id(workspace.clock())
        change(lambda latest: latest.add_resident(identity, *offer) if offer in offers(latest.present) else latest)

    def take_out(who: str, reason: Departure = Departure.MISTAKE) -> None:
        set_leaving(NOBODY)
        set_removed([*removed, who])
        change(lambda latest: latest.take_out(who, reason))
        set_chosen((draft.listed, NOBODY))

    def put_back(who: str) -> None:
        set_removed([one for one in removed if one != who])
        change(lambda latest: latest.put_back(who))
        open_one(who)

    def person(resident: ResidentDraft, place: int) -> ft.Control:
        who, title, was_there = resident.id, title_of(t, resident, place), draft.was_there(resident)
        if resident.taken_out:
            return taken_out(
                t, title, resident, was_there=was_there, now=who in removed, put_back=lambda: put_back(who)
            )
        if who == leaving:
            return why_gone(t, title, lambda reason: take_out(who, reason), lambda: set_leaving(NOBODY))
        relations = relations_for(resident, draft.present)
        shown = Person(resident, place, campaign, latest_birth_year(campaign.round, now), marked, relations)
        if who != chosen:
            return closed_person(t, shown, who in missing, shows(who), in_list=not draft.listed)
        following = (next_after(who, draft, missing) if draft.listed else None) or NOBODY
        done = None if who in missing or pausing == who else shows(following)
        leave = (lambda: set_leaving(who)) if was_there else (lambda: take_out(who))
        return open_person(t, shown, change_of(who), done=done, leave=leave)

    people: list[ft.Control] = [
        scroll_place(person(resident, place), resident.id) for place, resident in enumerate(draft.residents)
    ]
    if not draft.listed:
        more = [paragraph(t("Còn ai nữa không?"), bold=True)] if draft.present else []
        lines = ft.Column(people, spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        body = [*family_list(t, draft.present, add), lines, *more]
    else:
        again = secondary_button(t("Thêm người"), add_more, icon=ft.Icons.PERSON_ADD)
        done_words = [] if missing else [paragraph(t("Đã hỏi xong mọi người."), size=theme.LARGE, bold=True)]
        body = [*people, *done_words, paragraph(t("Còn ai nữa không? Kể cả người đi làm xa và trẻ nhỏ.")), again]
    return ft.Column(body, spacing=theme.GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _stop(pause: "ft.MutableRef[object]") -> None:
    """Whoever waits to open the next person does not any more."""
    pause.current = None
