"""First step of a visit: the words to read to the family, and their yes or no. Nothing is preset."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui import theme
from app.ui.components.frame import panel, paragraph, primary_button, secondary_button
from app.ui.texts import Texts, later
from survey.drafts import ResponseDraft
from survey.records import Outcome

# The wording's version is survey.privacy.CONSENT_WORDING: change both together.
WORDING = later(
    "Tổ công nghệ số cộng đồng của thôn xin hỏi vài câu: trong nhà ai có điện thoại thông minh, tài khoản thanh toán "
    "điện tử, VNeID… để giúp bà con và để xã biết thôn còn thiếu gì. Chúng tôi chỉ ghi năm sinh, nam hay nữ và quan "
    "hệ với chủ hộ; không ghi số giấy tờ hay số tài khoản. Thông tin do xã giữ. Gia đình có thể không trả lời, hoặc "
    "yêu cầu xóa bất cứ lúc nào. Gia đình có đồng ý trả lời không ạ?"
)
NOBODY_MET = (
    (Outcome.ABSENT, later("Vắng nhà")),
    (Outcome.VACANT, later("Nhà bỏ trống")),
    (Outcome.MOVED, later("Đã chuyển đi")),
)


def consent_step(
    t: Texts,
    draft: ResponseDraft,
    ending: Outcome | None,
    answer: Callable[[bool], Any],
    end_as: Callable[[Outcome | None], Any],
    finish_as: Callable[[Outcome], Any],
) -> list[ft.Control]:
    """The wording to read aloud, the two answers, and the ways a visit ends when nobody can be asked."""

    def end(outcome: Outcome) -> Callable[[Any], Any]:
        async def handler(_event: Any) -> None:
            await finish_as(outcome)

        return handler

    def choose(outcome: Outcome) -> Callable[[Any], Any]:
        return lambda _event: end_as(outcome)

    body: list[ft.Control] = [
        paragraph(t("Đọc cho gia đình nghe:"), size=theme.LARGE, bold=True),
        panel(paragraph(t(WORDING), size=theme.LARGE), colour=ft.Colors.SURFACE_CONTAINER_HIGH),
    ]
    if ending is not None:
        words = t(dict(NOBODY_MET)[ending])
        return [
            paragraph(t("Kết quả lần này: {outcome}", outcome=words), size=theme.LARGE, bold=True),
            primary_button(t("Lưu: {outcome}", outcome=words), end(ending)),
            secondary_button(t("Chọn lại"), lambda _event: end_as(None)),
        ]
    if draft.consent is True:
        body.append(paragraph(t("Gia đình đã đồng ý trả lời."), bold=True))
    elif draft.consent is False:
        body.append(paragraph(t("Gia đình không đồng ý. Cảm ơn gia đình và lưu kết quả này."), bold=True))
        body.append(primary_button(t("Lưu: gia đình từ chối"), end(Outcome.REFUSED)))
        body.append(secondary_button(t("Gia đình đổi ý, đồng ý trả lời"), lambda _event: answer(True)))
    else:
        body.append(primary_button(t("Gia đình đồng ý"), lambda _event: answer(True)))
        body.append(secondary_button(t("Gia đình không đồng ý"), lambda _event: answer(False)))
    if draft.consent is None:
        body.append(ft.Container(paragraph(t("Không gặp được ai?"), bold=True), padding=ft.Padding(0, 12, 0, 0)))
        ends: list[ft.Control] = [secondary_button(t(words), choose(outcome)) for outcome, words in NOBODY_MET]
        body.append(ft.Row(ends, wrap=True, spacing=8, run_spacing=8))
    return body
