"""Sign-in cards for several people at once, from a list of names. Needs the network."""

from typing import Any

import flet as ft

from app.store.sync_state import find_sign_in, list_villages
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.ui.components.frame import paragraph, primary_button, screen
from app.ui.components.typed_field import typed_field, use_typed
from app.ui.screens.card_sheets import refused, with_progress
from app.ui.texts import Texts
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.invitations import MOST_MEMBER_CARDS, MemberCardOrder
from survey.problem_shapes import FieldProblem
from survey.vietnamese import clean, spelling
from survey.villages import full_name

LONGEST_NAME = 120
MOST_FAULTS = 4
Line = tuple[int, str]


def read_names(text: str) -> list[Line]:
    """The names with the lines that they stand on, counted from 1; empty lines are left out."""
    return [(number, clean(line)) for number, line in enumerate(text.splitlines(), 1) if clean(line)]


def faults_of(t: Texts, lines: list[Line]) -> list[str]:
    """What is wrong with the list before anybody is asked, each fault by its line."""
    if not lines:
        return [t("Anh/chị ghi họ tên, mỗi dòng một người.")]
    if len(lines) > MOST_MEMBER_CARDS:
        return [t("Có {count} người. Mỗi lần nhiều nhất {most} người.", count=len(lines), most=MOST_MEMBER_CARDS)]
    faults, first = [], dict[str, int]()
    for number, name in lines:
        before = first.setdefault(spelling(name), number)
        if before != number:
            what = t("trùng với dòng {line}", line=before)
            faults.append(t("Dòng {line}, {name}: {what}.", line=number, name=name, what=what))
        elif len(name) > LONGEST_NAME:
            faults.append(t("Dòng {line} dài quá, có lẽ là nhiều người.", line=number))
    return faults


def fault_of_line(t: Texts, lines: list[Line], fault: FieldProblem) -> str:
    """What the server says of one name, by the line on which it stands."""
    place = fault.pointer.removeprefix("/names/")
    if not place.isdecimal() or int(place) >= len(lines):
        return t.problem(fault)
    number, name = lines[int(place)]
    return t("Dòng {line}, {name}: {what}", line=number, name=name, what=t.problem(fault))


def first_few(t: Texts, faults: list[str]) -> str:
    """The first faults, one a line, and how many there are beside them: the list itself must stay in sight."""
    more = len(faults) - MOST_FAULTS
    rest = [t("Và {count} dòng khác.", count=more)] if more > 0 else []
    return "\n".join([*faults[:MOST_FAULTS], *rest])


@ft.component
def MemberCardsScreen() -> ft.Control:
    """Write the names, one a line, and save their cards to print. The names stay when a call fails."""
    workspace, t = use_workspace(), use_texts()
    use_app_state()
    signed_in = workspace.read(find_sign_in)
    villages = workspace.read(list_villages)
    chosen, set_chosen = ft.use_state(villages[0].id if villages else "")
    names = use_typed()
    said, set_said = ft.use_state("")
    problem, set_problem = ft.use_state("")
    doing, set_doing = ft.use_state("")
    picker = ft.use_memo(ft.FilePicker, [])

    async def save(_event: Any) -> None:
        lines = read_names(names.text)
        faults = faults_of(t, lines)
        set_said("")
        set_problem(first_few(t, faults))
        if faults or signed_in is None:
            return
        set_doing(t("Đang vẽ {count} thẻ…", count=t.number(len(lines))))
        try:
            order = MemberCardOrder(names=[name for _, name in lines])
            pdf, known = await workspace.client.invite_many(signed_in.token, chosen, order)
            await picker.save_file(file_name="the-vao-to.pdf", src_bytes=pdf)
            set_said(_made(t, len(lines), known))
            workspace.loop.nudge()
        except Refused as refusal:
            by_line = [fault_of_line(t, lines, one) for one in refusal.problem.errors]
            set_problem(first_few(t, by_line) or refused(t, refusal))
        except (Unreachable, NotUnderstood):
            set_problem(t("Chưa vào được máy chủ. Mời người cần mạng; anh/chị thử lại khi có sóng."))
        set_doing("")

    body: list[ft.Control] = [
        paragraph(t("Mỗi thẻ cho một người ghi danh một điện thoại, một lần. In xong, giao tận tay từng người.")),
        typed_field(
            t("Họ và tên tổ viên, mỗi dòng một người"),
            names,
            multiline=True,
            min_lines=6,
            capitalization=ft.TextCapitalization.WORDS,
        ),
    ]
    if len(villages) > 1:
        options = [ft.DropdownOption(key=one.id, text=full_name(one)) for one in villages]
        body.insert(
            1,
            ft.Dropdown(
                label=t("Thôn"),
                value=chosen,
                options=options,
                on_select=lambda event: set_chosen(event.control.value),
            ),
        )
    return screen(
        t("In thẻ vào tổ"),
        body,
        back=lambda _event: ft.context.page.navigate("/cards/print"),
        back_label=t("Quay lại"),
        bottom=with_progress(doing, said, problem, primary_button(t("Lưu tệp PDF"), save, disabled=bool(doing))),
    )


def _made(t: Texts, count: int, known: list[str]) -> str:
    words = t("Đã lưu tệp có {count} thẻ. In ở kích thước thật (100 %), cắt ra, giao tận tay.", count=t.number(count))
    if not known:
        return words
    return f"{words} {t('Đã có trong tổ, thẻ là của thêm một máy: {names}.', names=', '.join(known))}"
