"""Leaves with the page what it shows before Python has started: the list of households, as it stands in the file.

It is written a moment after each save, and goes with every save before that, so that it never says anything else than
the file. Where a PIN is asked for nothing is left.
"""

import asyncio
import json
from typing import Any

from app.store.coverage import find_met
from app.store.doubts import list_asked_of
from app.store.early_list import find_early_rows
from app.store.errands import list_errands
from app.store.household_counts import count_by_filter
from app.store.list_place import find_list_place
from app.store.pin import find_pin, find_required_pin
from app.store.rounds import find_fresh_since
from app.store.sync_state import SignedIn, find_sign_in, list_villages
from app.ui.components.coverage_lines import met_words
from app.ui.components.navigation import destinations
from app.ui.screens.households import FILTERS, errand_words
from app.ui.screens.households import in_short as words_in_short
from app.ui.texts import Texts
from app.ui.workspace import Workspace
from survey.doubt_words import doubt_words
from survey.field_words import OUTCOME_WORDS, STATUS_WORDS

REST = 1.0
VERSION = 2
MOST_HOUSEHOLDS = 5000
"""Of a larger place the page shows nothing early: it would take longer to write than to open the app."""


class EarlyList:
    """`expect` is called after each save; the list is left once nothing more was saved for a second."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._saves = workspace, 0

    async def keep(self) -> None:
        """Leave the list, unless another save comes meanwhile: that one leaves it."""
        self._saves += 1
        saves = self._saves
        await asyncio.sleep(REST)
        if saves == self._saves and self._workspace.state.storage_problem is None:
            text = make_early_list(self._workspace)
            if text is not None:
                await self._workspace.place.keep_early_list(text)


def make_early_list(workspace: Workspace) -> str | None:
    """The list as JSON text for `web/page/early-list.js`; None if nothing may be shown before the app is there."""
    signed_in = workspace.read(find_sign_in)
    if signed_in is None or workspace.read(find_pin) or workspace.read(find_required_pin):
        return None
    villages = workspace.read(list_villages)
    ids = [one.id for one in villages]
    fresh_since = workspace.read(find_fresh_since, workspace.clock())
    sizes = workspace.read(count_by_filter, ids, fresh_since)
    if not villages or not 0 < sizes["all"] <= MOST_HOUSEHOLDS:
        return None
    t, met = Texts(workspace.looks.language), workspace.read(find_met, ids)
    errands = workspace.read(list_errands, ids)
    first = [home for one in errands for home in one.households]
    asked_of = workspace.read(list_asked_of, signed_in.member_id, ids)[:1]
    rows = workspace.read(find_early_rows, ids, first, fresh_since)
    place = workspace.read(find_list_place)
    said = {
        "version": VERSION,
        "title": t("Các hộ") if len(villages) != 1 else f"{villages[0].kind.capitalize()} {villages[0].name}",
        "subtitle": words_in_short(t, met, sizes["waiting"]) if met.registered else "",
        "progress": met.visited / met.registered if met.registered else 0,
        "progress_words": met_words(t, met),
        "notices": [
            *({"icon": "first", "text": errand_words(t, one)} for one in errands),
            *(
                {
                    "icon": "asked",
                    "text": t(doubt_words(one.doubt, one.village)),
                    "way": [f"/review/{one.id}", t("Trả lời")],
                }
                for one in asked_of
            ),
        ],
        "shown": place.shown,
        "offset": place.offset if not place.search else 0,
        "villages": [one.name for one in villages] if len(villages) > 1 else [],
        "alleys": rows.alleys,
        "chips": [[part, t(words), sizes[part]] for part, words in FILTERS.items()],
        "places": [[route, t(words)] for route, words, _icon in destinations(signed_in.role)],
        "words": _words(t, signed_in),
    }
    head = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return f'{head[:-1]},"rows":{rows.rows}}}'  # SQLite has written the rows as JSON already


def _words(t: Texts, signed_in: SignedIn) -> dict[str, Any]:
    """What the page says in the person's language; "{…}" is filled in there, as here."""
    return {
        "search": t("Tìm chủ hộ, xóm, số điện thoại"),
        "found": t("Thấy {count} hộ"),
        "nothing": t("Không thấy hộ nào khớp “{search}”. Thử gõ ít chữ hơn."),
        "first": t("Làm trước"),
        "no_alley": t("Chưa rõ ngõ, xóm"),
        "alley": t("{alley} · còn {count}"),
        "opening": t("Đang mở…"),
        "to_fix": t("Có phiếu cần xem lại"),
        "waiting": t("{ended} · chờ gửi"),
        "waiting_edit": t("Chưa gặp · chờ gửi thay đổi"),
        "ask_again": t("Tổ trưởng nhờ hỏi lại"),
        "begun": t("Đang ghi dở"),
        "not_met": t("Chưa gặp"),
        "confirmed": t("{ended} {day} · đã xác nhận"),
        "stale": t("{ended} {day} · cần hỏi lại"),
        "asked": t("{words} · đi trước"),
        "months": t.month_names,
        "outcomes": {outcome.value: t(words) for outcome, words in OUTCOME_WORDS.items()},
        "statuses": {status.value: t(words) for status, words in STATUS_WORDS.items()},
    }
