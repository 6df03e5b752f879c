"""One doubt: what was noticed, the households it is about, and what the person here can say or do about it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import flet as ft

from app.actions.doubts import take_step
from app.store.doubts import DoubtHere, count_asked_here, find_doubt, list_heads
from app.store.sync_state import find_sign_in
from app.ui import theme
from app.ui.components.choices import one_of, tick
from app.ui.components.frame import notice, panel, paragraph, primary_button, screen, secondary_button
from app.ui.components.storage import StorageBanner
from app.ui.components.typed_field import typed_field, use_typed
from app.ui.texts import Texts, later
from app.ui.workspace import use_texts, use_workspace
from survey.asked_again import AskedAgain, is_back
from survey.doubt_words import KIND_WORDS, REASON_WORDS, STATE_WORDS, step_words, words_for
from survey.doubts import OTHER_OUTCOMES, OUTCOMES_OF, Doubt, DoubtStep, Step, check_step
from survey.privacy import holds_long_number
from survey.records import LONGEST_TEXT

MOST_HOMES = 12
SENT_WORDS = {
    Step.EXPLAIN: later("Anh/chị đã trả lời. Cảm ơn anh/chị."),
    Step.ASK: later("Đã nhờ hỏi lại."),
    Step.SETTLE: later("Đã kết thúc mục này."),
}


@ft.component
def DoubtScreen() -> ft.Control:
    """For who made the visits: how it was, in one tap. For a lead: have some asked again, or settle it."""
    workspace, t = use_workspace(), use_texts()
    asked_for = ft.use_route_params()
    identity, household = asked_for.get("doubt") or "", asked_for.get("household") or ""
    found = workspace.read(find_doubt, identity)
    signed_in = workspace.read(find_sign_in)
    reason, set_reason = ft.use_state("")
    chosen, set_chosen = ft.use_state(frozenset[str]())
    problem, set_problem = ft.use_state("")
    note = use_typed()

    def back(_event: Any = None) -> None:
        listed = "/review" if signed_in and found and not is_own else "/households"
        ft.context.page.navigate(f"/households/{household}" if household else listed)

    is_own = bool(found and signed_in and found.doubt.member == signed_in.member_id)
    if found is None or signed_in is None:
        text = t("Mục này chưa có trên máy, hoặc đã xong. Anh/chị quay lại danh sách.")
        return screen(t("Cần xem"), [notice(text, icon=ft.Icons.HELP_OUTLINE)], back=back, back_label=t("Quay lại"))

    async def do(step: Step, **more: Any) -> None:
        text = note.text.strip()
        if holds_long_number(text):
            set_problem(t("Ghi chú có dãy số dài. Không ghi số giấy tờ, số tài khoản hay số điện thoại vào đây."))
            return
        wanted = DoubtStep(step=step, note=text, **more)
        if problems := check_step(found.doubt, wanted):
            set_problem(t(problems[0].detail))
            return
        await workspace.save(partial(take_step, note=text, **more), workspace.clock(), identity, step)
        workspace.loop.nudge()
        back()

    def doing(step: Step, **more: Any) -> Callable[[Any], Any]:
        async def handler(_event: Any) -> None:
            await do(step, **more)

        return handler

    heads = workspace.read(list_heads, found.doubt.households)
    state = _state(t, found.doubt, workspace.read(count_asked_here, found.doubt))
    body: list[ft.Control] = [
        paragraph(t(words_for(found.doubt, found.village, signed_in.member_id)), size=theme.LARGE),
        paragraph(f"{state} · {t('từ {day}', day=t.day(found.doubt.found_at))}", weak=True),
        *[paragraph(step_words(one, found.doubt.check), weak=True) for one in found.doubt.steps],
    ]
    if problem:
        body.insert(0, notice(problem, icon=ft.Icons.ERROR_OUTLINE, warn=True))
    if found.sent in SENT_WORDS:
        body.append(notice(t(SENT_WORDS[Step(found.sent)]), icon=ft.Icons.CHECK_CIRCLE))
    elif is_own:
        body += _answers(t, reason, set_reason, note)
        bottom = primary_button(t("Gửi câu trả lời"), doing(Step.EXPLAIN, reason=reason or None))
        return _screen(t, found, body, back, bottom)
    else:
        body += _homes(t, heads, chosen, set_chosen)
        body += _answers(t, reason, set_reason, note)
        if found.doubt.check in OUTCOMES_OF:  # what is held, and pairs, are settled in the office
            return _screen(t, found, body, back, None)
        kept, corrected = OTHER_OUTCOMES
        if chosen:
            words = t("Nhờ hỏi lại {count} hộ", count=len(chosen))
            bottom = primary_button(words, doing(Step.ASK, households=sorted(chosen)), icon=ft.Icons.REPLAY)
        else:
            fixed = t("Đã sửa xong, kết thúc")
            body.append(secondary_button(fixed, doing(Step.SETTLE, outcome=corrected, reason=reason or None)))
            words = t("Giữ nguyên, kết thúc")
            bottom = primary_button(words, doing(Step.SETTLE, outcome=kept, reason=reason or None))
        return _screen(t, found, body, back, bottom)
    return _screen(t, found, body, back, None)


def _state(t: Texts, doubt: Doubt, again: AskedAgain) -> str:
    """Where it stands, with how far asking again has come."""
    if is_back(doubt, again):
        words = t("Cả {count} hộ đã được hỏi lại", count=again.asked)
        return words if again.asked > 1 else t("Hộ cần hỏi lại đã được hỏi lại")
    state = t(STATE_WORDS[doubt.state])
    if again.asked:
        state += " · " + t("đã hỏi lại {done}/{count} hộ", done=again.done, count=again.asked)
    return state


def _screen(t: Texts, found: DoubtHere, body: list[ft.Control], back: Any, bottom: ft.Control | None) -> ft.Control:
    title = t(KIND_WORDS.get(found.doubt.check, "Cần xem"))
    return screen(title, body, back=back, back_label=t("Quay lại"), bottom=bottom, banner=StorageBanner())


def _answers(t: Texts, reason: str, choose: Any, note: Any) -> list[ft.Control]:
    words = {key: t(said).capitalize() for key, said in REASON_WORDS.items()}
    return [
        paragraph(t("Lúc ấy thế nào?"), bold=True),
        panel(one_of(words, reason, choose)),
        typed_field(t("Ghi thêm, nếu cần"), note, multiline=True, max_length=LONGEST_TEXT, counter=""),
    ]


def _homes(t: Texts, heads: list[tuple[str, str]], chosen: frozenset[str], choose: Any) -> list[ft.Control]:
    """The households to tick, those of whom somebody is to be asked again."""

    def turn(home: str) -> Any:
        return lambda ticked: choose(chosen | {home} if ticked else chosen - {home})

    if not heads:
        return []
    ticks: list[ft.Control] = [tick(name, home in chosen, turn(home)) for home, name in heads[:MOST_HOMES]]
    lines = [
        paragraph(t("Hộ nào cần hỏi lại?"), bold=True),
        panel(ft.Column(ticks, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)),
    ]
    if len(heads) > MOST_HOMES:
        lines.append(paragraph(t("và {count} hộ nữa", count=len(heads) - MOST_HOMES), weak=True))
    return lines
