"""The visit: consent first, then the people, then the house. Every tap is kept on the device as a draft."""

from dataclasses import dataclass
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
from app.store.household_list import find_listed
from app.ui.components.frame import notice, primary_button, screen
from app.ui.components.storage import storage_banner
from app.ui.screens.visit.consent import consent_step
from app.ui.screens.visit.household import household_step
from app.ui.screens.visit.people import PeopleStep
from app.ui.state import use_optional
from app.ui.texts import Texts, later
from app.ui.workspace import Workspace, use_app_state, use_texts, use_workspace
from survey.drafts import DraftChange, ResponseDraft
from survey.finishing import open_questions
from survey.problem_shapes import FieldProblem
from survey.records import Outcome
from survey.times import vietnam_day

CONSENT, PEOPLE, HOUSEHOLD = range(3)
STEP_NAMES = (later("Hỏi ý kiến"), later("Người trong nhà"), later("Ngôi nhà"))


@dataclass
class InHand:
    """The latest draft, whatever the screen shows. Taps come faster than a slow phone draws, so each tap builds on the
    one before; `done` stops a second tap on “Lưu phiếu”."""

    draft: ResponseDraft
    done: bool = False


@ft.component
def VisitScreen() -> ft.Control:
    """Opens the household's form, or says why it cannot be opened yet."""
    workspace, t = use_workspace(), use_texts()
    household = ft.use_route_params().get("household") or ""

    def back(_event: Any) -> None:
        ft.context.page.navigate(f"/households/{household}")

    def prepare() -> tuple[Campaign, ResponseDraft] | None:
        try:
            campaign = find_campaign(workspace.database)
            return campaign, open_draft(workspace.database, workspace.clock(), household, campaign)
        except NotReady:
            return None

    prepared = ft.use_memo(prepare, [household])
    if prepared is None:
        text = t("Máy chưa tải đủ bộ câu hỏi. Đến nơi có mạng, mở lại ứng dụng rồi thử lại.")
        return screen(t("Phiếu"), [notice(text, icon=ft.Icons.CLOUD_DOWNLOAD)], back=back, back_label=t("Quay lại"))
    return VisitForm(*prepared)


@ft.component
def VisitForm(campaign: Campaign, first: ResponseDraft) -> ft.Control:
    """The form in three steps. `marked` are the open fields, shown once the person tried to go on."""
    workspace, state, t = use_workspace(), use_app_state(), use_texts()
    draft, set_draft = ft.use_state(first)
    hand: InHand = ft.use_memo(lambda: InHand(first), [])
    step, set_step = ft.use_state(PEOPLE if first.consent else CONSENT)
    ending, set_ending = use_optional(Outcome)
    nothing: list[FieldProblem] = []
    marked, set_marked = ft.use_state(nothing)
    listed = workspace.read(find_listed, first.household)
    scroller: ft.Ref[ft.Column] = ft.use_memo(lambda: ft.Ref[ft.Column](), [])

    async def scroll_to(key: str = "") -> None:
        """Bring what has this key to the top of the body; without one, the body's start."""
        if column := scroller.current:
            if key:
                await column.scroll_to(scroll_key=key, duration=250)
            else:
                await column.scroll_to(offset=0)

    def show_step(number: int) -> None:
        set_step(number)
        ft.context.page.run_task(scroll_to)

    def change(update: DraftChange) -> None:
        if hand.done:
            return
        hand.draft = update(hand.draft)
        set_draft(hand.draft)
        still_open = {one.pointer for one in _open(workspace, hand.draft, campaign)}
        set_marked([one for one in marked if one.pointer in still_open])
        ft.context.page.run_task(_keep, workspace, hand)

    def answer_consent(given: bool) -> None:
        change(lambda latest: latest.agree(given, workspace.clock()))
        show_step(PEOPLE if given else CONSENT)

    async def finish_as(outcome: Outcome) -> None:
        if not hand.done:
            hand.done = True
            await workspace.save(end_visit, workspace.clock(), hand.draft, outcome, campaign)
            _leave(workspace, draft.household)

    async def finish(_event: Any) -> None:
        if hand.done:
            return
        hand.done = True
        try:
            await workspace.save(record_response, workspace.clock(), hand.draft, campaign)
        except AnswersIncomplete as incomplete:
            hand.done = False
            set_marked(incomplete.problems)
            show_step(_step_of(incomplete.problems[0]))
            return
        _leave(workspace, draft.household)

    def go_on(_event: Any) -> None:
        missing = [one for one in _open(workspace, hand.draft, campaign) if _step_of(one) <= step]
        set_marked(missing)
        if missing:
            ft.context.page.run_task(scroll_to)
        else:
            show_step(step + 1)

    def finish_list(_event: Any) -> None:
        change(lambda latest: latest.list_is(True))
        set_marked([])

    def back(_event: Any) -> None:
        if step == CONSENT:
            ft.context.page.navigate(f"/households/{draft.household}")
        else:
            show_step(step - 1)

    here = [one for one in marked if _step_of(one) == step]
    body: list[ft.Control] = [_steps(t, step)]
    if step == CONSENT and draft.consent is None and vietnam_day(draft.started_at) < vietnam_day(workspace.clock()):
        words = t(
            "Phiếu này ghi dở từ ngày {day}. Hỏi lại ý kiến gia đình; câu đã ghi vẫn còn.", day=t.day(draft.started_at)
        )
        body.append(notice(words, icon=ft.Icons.INFO_OUTLINE))
    if here:
        body.append(_missing(t, here))
    bottom: ft.Control | None = None
    pointers = {one.pointer for one in here}
    if step == CONSENT:
        body += consent_step(t, draft, ending, answer_consent, set_ending, finish_as)
        if draft.consent:
            bottom = primary_button(t("Tiếp tục"), go_on)
    elif step == PEOPLE:
        body.append(PeopleStep(draft, campaign, pointers, change, scroll_to))
        if draft.listed:
            bottom = primary_button(t("Tiếp tục"), go_on)
        elif draft.present:
            bottom = primary_button(
                t("Đã đủ {count} người", count=len(draft.present)), finish_list, icon=ft.Icons.CHECK
            )
    else:
        body += household_step(t, draft, campaign, pointers, change)
        bottom = primary_button(t("Lưu phiếu"), finish, icon=ft.Icons.CHECK)
    return screen(
        listed.head_name if listed else t("Phiếu"),
        body,
        back=back,
        back_label=t("Quay lại"),
        bottom=bottom,
        banner=storage_banner(t, workspace, state),
        scroller=scroller,
    )


async def _keep(workspace: Workspace, hand: InHand) -> None:
    """Save the draft without drawing the screens again: only this form shows it."""
    if not hand.done:
        keep_draft(workspace.database, workspace.clock(), hand.draft)
        await workspace.flush()


def _leave(workspace: Workspace, household: str) -> None:
    workspace.state.just_saved = household
    workspace.loop.nudge()
    ft.context.page.navigate(f"/households/{household}")


def _open(workspace: Workspace, draft: ResponseDraft, campaign: Campaign) -> list[FieldProblem]:
    return list(open_questions(draft, campaign.form, campaign.round, workspace.clock()))


def _step_of(problem: FieldProblem) -> int:
    if problem.pointer.startswith("/consent"):
        return CONSENT
    return PEOPLE if problem.pointer.startswith("/residents") else HOUSEHOLD


def _steps(t: Texts, step: int) -> ft.Control:
    name = t(STEP_NAMES[step])
    words = t("Bước {step} trên {count}: {name}", step=step + 1, count=len(STEP_NAMES), name=name)
    return ft.Column(
        [
            ft.Text(words, size=15, color=ft.Colors.ON_SURFACE_VARIANT),
            ft.ProgressBar(value=(step + 1) / len(STEP_NAMES), bar_height=6, border_radius=3, semantics_label=words),
        ],
        spacing=4,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _missing(t: Texts, problems: list[FieldProblem]) -> ft.Control:
    lines = [_line(t, problem) for problem in problems[:3]]
    if len(problems) > 3:
        lines.append(t("và {count} câu nữa", count=len(problems) - 3))
    return notice(t("Còn thiếu:") + "\n" + "\n".join(lines), icon=ft.Icons.ERROR_OUTLINE, warn=True)


def _line(t: Texts, problem: FieldProblem) -> str:
    """What is missing, and for which person."""
    parts = problem.pointer.split("/")
    if parts[1] == "residents" and len(parts) > 2:
        return t("Người thứ {place}: {what}", place=int(parts[2]) + 1, what=t.problem(problem))
    return t.problem(problem)
