"""First step of a visit: the words to read to the family, and their yes or no. Nothing is preset."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import flet as ft

from app.device import Place
from app.store.sync_state import find_sign_in
from app.ui import theme
from app.ui.components.frame import notice, panel, paragraph, primary_button, secondary_button
from app.ui.texts import Texts, later
from app.ui.workspace import Workspace
from survey.drafts import ResponseDraft
from survey.privacy import CONSENT_WORDING
from survey.records import Household
from survey.times import vietnam_day

# docs/consent.md keeps every wording under its version (survey.privacy): a changed one is a new version there and here.
WORDING = (
    later("Tổ công nghệ số của thôn xin hỏi vài câu về điện thoại, tài khoản, VNeID trong nhà, để giúp bà con."),
    later("Chỉ ghi năm sinh, nam hay nữ, quan hệ với chủ hộ; không ghi số giấy tờ. Thông tin do xã giữ."),
    later("Gia đình có thể không trả lời, hoặc yêu cầu xóa bất cứ lúc nào. Gia đình có đồng ý trả lời không ạ?"),
)
WORDING_OF_REPEAT = later("Ngày {day} gia đình đã đồng ý trả lời; hôm nay tổ xin hỏi lại, gia đình có đồng ý không ạ?")


def expect_recording(workspace: Workspace) -> None:
    """Have the commune's own recording of the wording on this device before a family stands there."""
    if signed_in := workspace.read(find_sign_in):
        workspace.place.find_recording(f"/api/v1/recordings/{signed_in.commune.code}/{CONSENT_WORDING}")


def consent_step(
    t: Texts,
    place: Place,
    draft: ResponseDraft,
    last: Household,
    now: datetime,
    answer: Callable[[bool], Any],
    refuse: Callable[[], Any],
) -> list[ft.Control]:
    """The wording to read aloud, and the two answers. `last` is the household with its last visit, of whose consent a
    repeat visit reminds."""
    sentences = _wording(t, draft, last)
    body: list[ft.Control] = []
    if draft.consent is None and vietnam_day(draft.started_at) < vietnam_day(now):
        words = t(
            "Phiếu này ghi dở từ ngày {day}. Hỏi lại ý kiến gia đình; câu đã ghi vẫn còn.", day=t.day(draft.started_at)
        )
        body.append(notice(words, icon=ft.Icons.INFO_OUTLINE))
    heading: list[ft.Control] = [paragraph(t("Đọc cho gia đình nghe:"), size=theme.LARGE, bold=True)]
    if read_aloud := _reader(place, sentences):
        heading.append(secondary_button(t("Đọc to"), lambda _event: read_aloud(), icon=ft.Icons.VOLUME_UP))
    body.append(ft.Row(heading, wrap=True, alignment=ft.MainAxisAlignment.SPACE_BETWEEN))
    lines: list[ft.Control] = [paragraph(one, size=theme.LARGE) for one in sentences]
    body.append(panel(ft.Column(lines, spacing=10, tight=True), colour=ft.Colors.SURFACE_CONTAINER_HIGH))

    def say(given: bool) -> Callable[[Any], Any]:
        def handler(_event: Any) -> None:
            place.speak("")
            answer(given)

        return handler

    async def end(_event: Any) -> None:
        await refuse()

    if draft.consent is True:
        body.append(paragraph(t("Gia đình đã đồng ý trả lời."), bold=True))
    elif draft.consent is False:
        body.append(paragraph(t("Gia đình không đồng ý. Cảm ơn gia đình và lưu kết quả này."), bold=True))
        body.append(primary_button(t("Lưu: gia đình từ chối"), end))
        body.append(secondary_button(t("Gia đình đổi ý, đồng ý trả lời"), say(True)))
    else:
        body.append(primary_button(t("Gia đình đồng ý"), say(True)))
        body.append(secondary_button(t("Gia đình không đồng ý"), say(False)))
    return body


def _reader(place: Place, sentences: list[str]) -> Callable[[], None] | None:
    """What reads the sentences aloud: the commune's recording of the whole wording, else a voice of the phone's own."""
    if place.has_recording() and len(sentences) == len(WORDING):
        return place.play_recording
    return (lambda: place.speak(" ".join(sentences))) if place.can_speak() else None


def _wording(t: Texts, draft: ResponseDraft, last: Household) -> list[str]:
    """One sentence with the day on which the family agreed for a repeat visit; else all of them."""
    if draft.is_repeat and last.visited_at:
        return [t(WORDING_OF_REPEAT, day=t.day(last.visited_at))]
    return [t(one) for one in WORDING]
