"""A lead sends a visit back: which questions to ask again, and why."""

from typing import Any

import flet as ft

from app.actions.responses import NotReady, find_campaign
from app.actions.reviews import send_back
from app.store.households import find_household
from app.ui.components.choices import tick
from app.ui.components.frame import notice, panel, paragraph, primary_button, screen
from app.ui.components.storage import StorageBanner
from app.ui.components.typed_field import typed_field, use_typed
from app.ui.texts import Texts
from app.ui.workspace import use_texts, use_workspace
from survey.field_words import FIELD_WORDS, SHORT_QUESTIONS
from survey.privacy import holds_long_number
from survey.records import LONGEST_TEXT, AskAgain


@ft.component
def SendBackScreen() -> ft.Control:
    """The questions of the last visit to tick, and a note for who goes there."""
    workspace, t = use_workspace(), use_texts()
    household = ft.use_route_params().get("household") or ""
    found = workspace.read(find_household, household)
    chosen, set_chosen = ft.use_state(frozenset[str]())
    problem, set_problem = ft.use_state("")
    note = use_typed()

    def back(_event: Any = None) -> None:
        ft.context.page.navigate(f"/households/{household}")

    def choose(key: str) -> Any:
        return lambda ticked: set_chosen(chosen | {key} if ticked else chosen - {key})

    async def send(_event: Any) -> None:
        if not chosen and not note.text.strip():
            set_problem(t("Đánh dấu câu cần hỏi lại, hoặc ghi lý do."))
            return
        if holds_long_number(note.text):
            set_problem(t("Ghi chú có dãy số dài. Không ghi số giấy tờ, số tài khoản hay số điện thoại vào đây."))
            return
        await workspace.save(send_back, workspace.clock(), household, sorted(chosen), note.text.strip())
        workspace.loop.nudge()
        back()

    try:
        form = find_campaign(workspace.database).form
    except NotReady:
        form = None
    if found is None or form is None:
        text = t("Hộ này chưa có trên máy. Anh/chị quay lại danh sách và chờ tải xong.")
        return screen(t("Nhờ hỏi lại"), [notice(text, icon=ft.Icons.HELP_OUTLINE)], back=back, back_label=t("Quay lại"))
    questions = [*(one.question for one in form.resident_questions), *form.household_questions]
    ticks = [tick(t(SHORT_QUESTIONS.get(one.key, one.asks)), one.key in chosen, choose(one.key)) for one in questions]
    body: list[ft.Control] = [
        paragraph(t("Câu nào cần hỏi lại? Hộ sẽ đứng đầu danh sách của tổ, mở ra đúng các câu này.")),
        panel(ft.Column(list(ticks), spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)),
        typed_field(t("Lý do, lời nhắn"), note, multiline=True, max_length=LONGEST_TEXT, counter=""),
    ]
    if problem:
        body.insert(0, notice(problem, icon=ft.Icons.ERROR_OUTLINE, warn=True))
    return screen(
        found[2].head_name,
        body,
        back=back,
        back_label=t("Quay lại"),
        bottom=primary_button(t("Nhờ hỏi lại"), send, icon=ft.Icons.REPLAY),
        banner=StorageBanner(),
    )


def asked_again(t: Texts, asked: AskAgain) -> ft.Control:
    """Who wants this household visited again, for which questions, and why."""
    what = ", ".join(t(SHORT_QUESTIONS.get(key, FIELD_WORDS.get(key, key))) for key in asked.keys)
    lines = [t("{name} nhờ hỏi lại ngày {day}.", name=asked.by, day=t.day(asked.at))]
    if what:
        lines.append(t("Câu cần hỏi: {what}.", what=what))
    if asked.note:
        lines.append(f"“{asked.note}”")
    return notice("\n".join(lines), icon=ft.Icons.REPLAY)
