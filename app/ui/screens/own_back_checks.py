"""What families said of this person's visits when somebody else asked them again: asked from the server."""

from collections.abc import Mapping
from typing import Any

import flet as ft

from app.store.sync_state import find_sign_in
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.ui import theme
from app.ui.components.frame import notice, panel, paragraph, screen, secondary_button
from app.ui.texts import Texts, later
from app.ui.workspace import use_texts, use_workspace
from survey.field_words import ANSWER_WORDS
from survey.own_back_checks import AskedHome, ComparedAnswer, OwnBackChecks
from survey.questions import CATALOGUE
from survey.records import AnswerValue

_ITEMS = {"came": later("Có ai trong tổ đến nhà không?"), "adults": later("Nhà có mấy người từ 18 tuổi?")}
_CAME = {"yes": later("Có"), "no": later("Không"), "dont_know": later("Không nhớ")}
_MATCHES: Mapping[bool | None, str] = {
    True: later("Hai lần trả lời như nhau"),
    False: later("Hai lần trả lời khác nhau"),
    None: later("Không so được"),
}


@ft.component
def OwnBackChecksScreen() -> ft.Control:
    """The sum with its interval, then each family with both answers."""
    workspace, t = use_workspace(), use_texts()
    told: tuple[OwnBackChecks | None, Any] = ft.use_state(None)
    found, set_found = told
    problem, set_problem = ft.use_state("")

    async def load() -> None:
        signed_in = workspace.read(find_sign_in)
        if signed_in is None:
            return
        set_problem("")
        try:
            set_found(await workspace.client.read_own_back_checks(signed_in.token))
        except Refused as refusal:
            set_problem(f"{t(refusal.problem.title)}. {t(refusal.problem.detail)}")
        except (Unreachable, NotUnderstood):
            set_problem(t("Chưa vào được máy chủ. Khi có mạng, anh/chị mở lại màn hình này."))

    async def again(_event: Any) -> None:
        await load()

    ft.use_effect(load, [])
    body: list[ft.Control] = [
        paragraph(
            t(
                "Máy bốc thăm một phần các phiếu; cán bộ xã hoặc người ở thôn khác hỏi lại mấy câu. Việc này cho biết "
                "số liệu chắc đến đâu, không xếp hạng ai."
            )
        )
    ]
    if problem:
        body += [notice(problem, icon=ft.Icons.CLOUD_OFF), secondary_button(t("Thử lại"), again)]
    elif found is None:
        body.append(paragraph(t("Đang tải…"), weak=True))
    elif not found.homes:
        body.append(notice(t("Chưa có phiếu nào của anh/chị được hỏi lại trong đợt này."), icon=ft.Icons.INFO_OUTLINE))
    else:
        body += [*_sum(t, found), *(_home(t, one) for one in found.homes)]
    return screen(
        t("Kết quả hỏi lại"),
        body,
        back=lambda _event: ft.context.page.navigate("/device/changes"),
        back_label=t("Quay lại"),
    )


def _sum(t: Texts, found: OwnBackChecks) -> list[ft.Control]:
    """How far it agrees, and what that does not say."""
    low, high = (round(100 * side) for side in found.agreement.interval)
    words = t(
        "Khớp {matching}/{total} hộ (khoảng {low}–{high} %)",
        matching=found.matching,
        total=found.total,
        low=low,
        high=high,
    )
    said: list[ft.Control] = [
        paragraph(words if found.total else t("Chưa có hộ nào so được."), size=theme.LARGE, bold=True)
    ]
    if found.total:
        said.append(paragraph(t("Hỏi lại càng ít hộ thì khoảng trong ngoặc càng rộng."), weak=True))
    if any(one.matches is False for one in found.homes):
        text = t("Khác nhau chưa phải là ghi sai: có khi người khác trả lời, hoặc nhà đã thay đổi.")
        said.append(paragraph(text, weak=True))
    return said


def _home(t: Texts, home: AskedHome) -> ft.Control:
    rows: list[ft.Control] = [
        paragraph(home.head_name or t("Hộ"), bold=True),
        paragraph(t("{name} hỏi lại ngày {day}", name=home.asked_by, day=t.day(home.asked_at)), weak=True),
        paragraph(t(_MATCHES[home.matches])),
    ]
    rows += [_item(t, one) for one in home.items if one.agrees is False]
    if not home.counts:
        rows.append(paragraph(t("Không tính vào kết quả."), weak=True))
    return panel(ft.Column(rows, spacing=4, tight=True), colour=ft.Colors.SURFACE_CONTAINER_LOWEST)


def _item(t: Texts, one: ComparedAnswer) -> ft.Control:
    asks = _ITEMS.get(one.item) or (CATALOGUE[one.item].asks if one.item in CATALOGUE else "")
    before, now = (_answer(t, one.item, value) for value in (one.before, one.now))
    return paragraph(t("{question} Phiếu ghi: {before}. Hỏi lại: {now}.", question=t(asks), before=before, now=now))


def _answer(t: Texts, item: str, value: AnswerValue) -> str:
    if item == "adults":
        return "?" if value is None else str(value)
    words: Mapping[Any, str] = _CAME if item == "came" else ANSWER_WORDS
    return t(words.get("unknown" if value is None else value, str(value)))
