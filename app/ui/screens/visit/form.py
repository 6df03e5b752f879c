"""The visit: consent first, then the people, then the house. Every tap is kept on the device as a draft."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import flet as ft

from app.actions.responses import (
    AnswersIncomplete,
    Campaign,
    NotReady,
    end_visit,
    find_campaign,
    keep_draft,
    open_draft,
    record_response,
)
from app.store.households import find_household
from app.ui.components.frame import notice, primary_button, screen
from app.ui.components.storage import StorageBanner
from app.ui.screens.visit.consent import consent_step
from app.ui.screens.visit.household import household_step
from app.ui.screens.visit.last_time import last_time_step
from app.ui.screens.visit.people import PeopleStep
from app.ui.screens.visit.places import HOUSE, START, scroll_key
from app.ui.screens.visit.second_look import find_questions, second_look
from app.ui.screens.visit.steps import Field, Step, field_of, missing_line, progress, step_now, step_of, steps_of
from app.ui.state import use_optional
from app.ui.workspace import Workspace, use_texts, use_workspace
from survey.checks.at_the_door import Asked
from survey.drafts import DraftChange, ResponseDraft
from survey.finishing import open_questions
from survey.problem_shapes import FieldProblem
from survey.records import Household, Outcome

SETTLED = 0.4
"""Seconds after a button at the bottom has changed its meaning: a second tap by the same fast finger is not for it."""
DRAWN = 0.2
"""How long after a step was chosen it is on the screen, in seconds, on most phones."""


@dataclass
class InHand:
    """The latest draft, whatever the screen shows. Taps come faster than a slow phone draws, so each tap builds on the
    one before; `done` stops a second tap on “Lưu phiếu”, `turned` is when the bottom button changed its meaning."""

    draft: ResponseDraft
    done: bool = False
    turned: float = 0.0

    def turn(self) -> None:
        self.turned = monotonic()

    @property
    def settled(self) -> bool:
        return not self.done and monotonic() - self.turned > SETTLED


@ft.component
def VisitScreen() -> ft.Control:
    """Opens the household's form, or says why it cannot be opened yet."""
    workspace, t = use_workspace(), use_texts()
    household = ft.use_route_params().get("household") or ""

    def back(_event: Any) -> None:
        ft.context.page.navigate(f"/households/{household}")

    def prepare() -> tuple[Campaign, ResponseDraft, Household] | None:
        try:
            campaign = find_campaign(workspace.database)
            draft = open_draft(workspace.database, workspace.clock(), household, campaign)
        except NotReady:
            return None
        found = workspace.read(find_household, household)
        return (campaign, draft, found[2]) if found else None

    prepared = ft.use_memo(prepare, [household])
    if prepared is None:
        text = t("Máy chưa tải đủ bộ câu hỏi. Đến nơi có mạng, mở lại ứng dụng rồi thử lại.")
        return screen(t("Phiếu"), [notice(text, icon=ft.Icons.CLOUD_DOWNLOAD)], back=back, back_label=t("Quay lại"))
    return VisitForm(*prepared)


@ft.component
def VisitForm(campaign: Campaign, first: ResponseDraft, last: Household) -> ft.Control:
    """The form in its steps. `marked` are the open fields, shown once the person tried to go on; `wanted` is the
    question to which a tap leads."""
    workspace, t = use_workspace(), use_texts()
    draft, set_draft = ft.use_state(first)
    hand: InHand = ft.use_memo(lambda: InHand(first), [])
    step, set_step = ft.use_state(step_now(first))
    wanted, set_wanted = use_optional(Field)
    nothing: list[FieldProblem] = []
    marked, set_marked = ft.use_state(nothing)
    to_check, set_to_check = ft.use_state(list[Asked]())
    scroller: ft.Ref[ft.Column] = ft.use_memo(lambda: ft.Ref[ft.Column](), [])

    async def scroll_to(key: str = START) -> None:
        """Bring what has this key to the top of the body; without one, the body's start."""
        if column := scroller.current:
            if key:
                await column.scroll_to(scroll_key=key, duration=250)
            else:
                await column.scroll_to(offset=0)

    def show_step(to: Step) -> None:
        set_wanted(None)
        set_step(to)
        ft.context.page.run_task(scroll_to)

    async def bring_up(field: Field) -> None:
        await asyncio.sleep(DRAWN)
        await scroll_to(scroll_key(field.who, field.name))

    def open_at(field: Field) -> None:
        """Show the step where this question is, and the question itself."""
        set_wanted(field)
        set_step(Step.HOUSEHOLD if field.who == HOUSE else Step.PEOPLE)
        if field.who == HOUSE:
            ft.context.page.run_task(bring_up, field)

    def change(update: DraftChange) -> None:
        if hand.done:
            return
        hand.draft = update(hand.draft)
        set_draft(hand.draft)
        set_to_check([])
        still_open = {one.pointer for one in _open(workspace, hand.draft, campaign)}
        set_marked([one for one in marked if one.pointer in still_open])
        ft.context.page.run_task(_keep, workspace, hand)

    def answer_consent(given: bool) -> None:
        change(lambda latest: latest.agree(given, workspace.clock()))
        show_step(step_now(hand.draft))

    async def refuse() -> None:
        if hand.settled:
            hand.done = True
            await workspace.save(end_visit, workspace.clock(), hand.draft, Outcome.REFUSED, campaign)
            _leave(workspace, draft.household)

    async def finish(_event: Any) -> None:
        if not hand.settled:
            return
        if not to_check and (found := find_questions(hand.draft, campaign, last, workspace.clock())):
            set_to_check(found)
            hand.turn()
            await scroll_to()
            return
        hand.done = True
        try:
            await workspace.save(record_response, workspace.clock(), hand.draft, campaign)
        except AnswersIncomplete as incomplete:
            hand.done = False
            set_marked(incomplete.problems)
            return
        _leave(workspace, draft.household)

    def go_on(_event: Any) -> None:
        if not hand.settled:
            return
        steps = steps_of(hand.draft)
        reached = steps[: steps.index(step) + 1]
        missing = [one for one in _open(workspace, hand.draft, campaign) if step_of(one) in reached]
        set_marked(missing)
        if not missing:
            hand.turn()
            show_step(steps[len(reached)])

    def go_to(problem: FieldProblem) -> None:
        field = field_of(problem, hand.draft)
        if field:
            open_at(field)
        else:
            show_step(step_of(problem))

    def finish_list(_event: Any) -> None:
        change(lambda latest: latest.list_is(True))
        set_marked([])
        hand.turn()

    def compared(go_to_step: Callable[[], Any]) -> None:
        change(lambda latest: latest.compare())
        go_to_step()

    def all_the_same() -> None:
        missing = _open(workspace, hand.draft, campaign)
        show_step(Step.PEOPLE if any(step_of(one) is Step.PEOPLE for one in missing) else Step.HOUSEHOLD)

    def back(_event: Any) -> None:
        steps = steps_of(draft)
        if step is Step.CONSENT:
            ft.context.page.navigate(f"/households/{draft.household}")
        else:
            show_step(steps[steps.index(step) - 1])

    body: list[ft.Control] = [progress(t, step, draft)]
    bottom: ft.Control | None = None
    pointers = {one.pointer for one in marked}
    if step is Step.CONSENT:
        body += consent_step(t, workspace.place, draft, last, workspace.clock(), answer_consent, refuse)
        if draft.consent:
            bottom = primary_button(t("Tiếp tục"), go_on)
    elif step is Step.LAST_TIME:
        to_ask = len(_open(workspace, draft, campaign))
        body += last_time_step(
            t,
            draft,
            campaign,
            to_ask,
            open_at=lambda who, name: compared(lambda: open_at(Field(who, name))),
            same=lambda: compared(all_the_same),
            different=lambda: compared(lambda: show_step(Step.PEOPLE)),
        )
    elif step is Step.PEOPLE:
        body.append(PeopleStep(draft, campaign, pointers, wanted, change, scroll_to))
        if draft.listed:
            bottom = primary_button(t("Tiếp tục"), go_on)
        elif draft.present:
            bottom = primary_button(
                t("Đã đủ {count} người", count=len(draft.present)), finish_list, icon=ft.Icons.CHECK
            )
    else:
        body += second_look(t, to_check, draft, open_at)
        body += household_step(t, draft, campaign, pointers, change)
        words = t("Đúng rồi, lưu phiếu") if to_check else t("Lưu phiếu")
        bottom = primary_button(words, finish, icon=ft.Icons.CHECK)
    if marked and bottom:
        bottom = ft.Column([missing_line(t, marked, draft, go_to), bottom], spacing=8, tight=True)
    return screen(
        last.head_name,
        body,
        back=back,
        back_label=t("Quay lại"),
        bottom=bottom,
        banner=StorageBanner(),
        scroller=scroller,
    )


async def _keep(workspace: Workspace, hand: InHand) -> None:
    """Save the draft without drawing the screens again: only this form shows it."""
    if not hand.done:
        keep_draft(workspace.database, workspace.clock(), hand.draft)
        await workspace.flush()


def _leave(workspace: Workspace, household: str) -> None:
    workspace.just_saved = household
    workspace.loop.nudge()
    ft.context.page.navigate(f"/households/{household}")


def _open(workspace: Workspace, draft: ResponseDraft, campaign: Campaign) -> list[FieldProblem]:
    return list(open_questions(draft, campaign.form, campaign.round, workspace.clock()))
