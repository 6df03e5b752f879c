"""The state of a household in one icon and a few words. What waits on this device never looks confirmed."""

import flet as ft

from app.store.household_list import ListedHousehold
from app.ui.texts import Texts
from survey.field_words import OUTCOME_WORDS, STATUS_WORDS
from survey.records import Outcome


def visit_state(t: Texts, row: ListedHousehold) -> tuple[ft.IconData, str, ft.ColorValue]:
    """Icon, words and colour for one household."""
    words = STATUS_WORDS[row.status] if row.has_left else OUTCOME_WORDS[row.outcome] if row.outcome else ""
    ended = t(words)
    if row.to_fix:
        return ft.Icons.ERROR_OUTLINE, t("Có phiếu cần xem lại"), ft.Colors.ERROR
    if row.waiting:
        waits = t("{ended} · chờ gửi", ended=ended) if ended else t("Chưa gặp · chờ gửi thay đổi")
        return ft.Icons.CLOUD_UPLOAD, waits, ft.Colors.TERTIARY
    if row.ask_again:
        return ft.Icons.REPLAY, t("Tổ trưởng nhờ hỏi lại"), ft.Colors.TERTIARY
    if row.has_draft:
        return ft.Icons.EDIT_NOTE, t("Đang ghi dở"), ft.Colors.TERTIARY
    if row.outcome is None and not row.has_left:
        return ft.Icons.RADIO_BUTTON_UNCHECKED, t("Chưa gặp"), ft.Colors.ON_SURFACE_VARIANT
    at = row.visited_at if not row.has_left or row.outcome == row.status.value else None  # else somebody wrote it
    when = t("{ended} {day} · đã xác nhận", ended=ended, day=t.day(at)) if at else ended
    if row.has_left:
        return ft.Icons.MEETING_ROOM_OUTLINED, when, ft.Colors.OUTLINE
    if row.is_stale and at:
        return ft.Icons.HISTORY, t("{ended} {day} · cần hỏi lại", ended=ended, day=t.day(at)), ft.Colors.OUTLINE
    if row.outcome is Outcome.REFUSED:
        return ft.Icons.FRONT_HAND_OUTLINED, when, ft.Colors.SECONDARY
    if row.is_visited:
        return ft.Icons.CHECK_CIRCLE, when, ft.Colors.PRIMARY
    return ft.Icons.SCHEDULE, when, ft.Colors.ON_SURFACE_VARIANT
