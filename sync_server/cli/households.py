"""The commands about a commune's list of households: importing it, looking at it first, taking an import back."""

import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from survey.acts import Act
from survey.vietnamese import format_number
from sync_server.audit import BY_COMMAND, AtServer, note
from sync_server.cli.console import AsJson, CommuneCode, explaining, fail, read_settings, tell, understood, writing
from sync_server.clock import utc_now
from sync_server.commune.list_import import ImportResult, import_households, look_at_list, result_of
from sync_server.commune.list_plan import Wanted
from sync_server.commune.list_undo import done_of, record_import, told_of_import, undo_import
from sync_server.lists.found import Note, Understanding
from sync_server.lists.headings import Column
from sync_server.opening import open_database
from sync_server.store.list_imports import list_list_imports

households_app = typer.Typer(no_args_is_help=True, help="Danh sách hộ.")


class Likely(StrEnum):
    """What becomes of a line that merely looks like a household that is there."""

    ASK = "ask"
    SAME = "same"
    NEW = "new"


@households_app.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(help="Tệp Excel .xlsx, hoặc CSV.")],
    commune: CommuneCode,
    village: Annotated[str | None, typer.Option(help="Thôn của những dòng không ghi thôn.")] = None,
    create_villages: Annotated[bool, typer.Option("--create-villages", help="Tạo các thôn của danh sách.")] = False,
    column: Annotated[
        list[str] | None,
        typer.Option(help="Chọn cột cho một mục, ví dụ head_name=C; lặp lại cho nhiều mục."),
    ] = None,
    likely: Annotated[
        Likely,
        typer.Option(help="Dòng giống một hộ đã có: ask để lại và hỏi, same là hộ ấy, new là hộ mới."),
    ] = Likely.ASK,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem sẽ nhập gì, chưa ghi gì.")] = False,
    as_json: AsJson = False,
) -> None:
    """Nhập danh sách hộ. Nhập lại thì chỉ sửa điều danh sách ghi khác, không thêm gì hai lần."""
    told = Understanding(village=village or "", columns=_columns(column or []))
    wanted = Wanted(told, create_villages, likely=likely.value)
    if dry_run:
        done = _look(commune, file, wanted)
    else:
        if not as_json:
            print(f"Đang đọc {file.name} và so với các hộ đã có…", file=sys.stderr)
        with writing(read_settings()) as session:
            done = import_households(session, commune, file, utc_now(), wanted=wanted)
            record_import(session, commune, done, file.name, BY_COMMAND, utc_now())
            counts = told_of_import(done_of(done)) | {"file_name": file.name}
            note(session, AtServer(commune), utc_now(), Act.IMPORTED_LIST, subject_kind="list_import", **counts)
    result = {name: value for name, value in asdict(done).items() if name != "done"} | {"dry_run": dry_run}
    tell(as_json, result, "\n".join(_lines(done, dry_run=dry_run)))


@households_app.command("undo")
def undo(commune: CommuneCode, as_json: AsJson = False) -> None:
    """Hoàn tác lần nhập gần nhất, nếu chưa hộ nào của lần ấy được khảo sát hay sửa."""
    with writing(read_settings()) as session:
        last = next((one for one in list_list_imports(session, commune, 50) if one.state == "done"), None)
        if last is None:
            raise fail("Không còn lần nhập nào để hoàn tác.")
        undone = undo_import(session, commune, last.id, utc_now())
        about: dict[str, Any] = {"subject_kind": "list_import", "subject": last.id}
        note(session, AtServer(commune), utc_now(), Act.TOOK_IMPORT_BACK, **about, file_name=last.file_name)
    added, updated = undone.done["added"], undone.done["updated"]
    sentence = (
        f"Đã hoàn tác “{undone.file_name}”: bỏ {format_number(added)} dòng thêm mới, trả lại {updated} dòng đã sửa."
    )
    tell(as_json, {"file": undone.file_name, "added": added, "updated": updated}, sentence)


def _look(commune: str, file: Path, wanted: Wanted) -> ImportResult:
    with explaining():
        database = open_database(read_settings())
        try:
            with database.read() as session:
                return result_of(look_at_list(session, commune, file, wanted, utc_now()))
        finally:
            database.close()


def _columns(given: list[str]) -> dict[Column, str]:
    columns: dict[Column, str] = {}
    for one in given:
        name, _, letter = one.partition("=")
        if name not in set(Column) or not letter.isascii() or not letter.isalpha():
            raise fail(f"--column {one}: ghi MỤC=CỘT, ví dụ head_name=C. Các mục: {', '.join(Column)}.")
        columns[Column(name)] = letter
    return columns


def _lines(done: ImportResult, *, dry_run: bool) -> list[str]:
    rows, added, updated, unchanged, left_out = map(
        format_number, (done.rows, done.added, done.updated, done.unchanged, done.left_out)
    )
    verb = "Sẽ nhập" if dry_run else "Đã nhập"
    create = "Sẽ tạo" if dry_run else "Đã tạo"
    return [
        f"{verb} {rows} dòng: {added} thêm mới, {updated} sửa, {unchanged} giữ nguyên, {left_out} không nhập.",
        *([f"{create} {', '.join(done.villages_created)}."] if done.villages_created else []),
        *understood(done.matched),
        *(_line(note) for note in (*done.notes, *done.kept)),
    ]


def _line(note: Note) -> str:
    where = f"ô {note.cell}" if note.cell else f"dòng {note.row}"
    return f"Trang “{note.sheet}”, {where}: {note.detail}" if note.row else f"Trang “{note.sheet}”: {note.detail}"
