"""Opens a list's file, whatever kind it is: what it is not is said with how to save it."""

from collections.abc import Callable
from pathlib import Path

from survey.problems import LIST_UNREADABLE
from sync_server.lists.delimited import read_delimited
from sync_server.lists.sheets import Sheet, unreadable
from sync_server.problems import Problem

LARGEST_FILE = 20 * 1024**2


def read_sheets(file: Path) -> list[Sheet]:
    """Every sheet of a list's file that has anything in it.

    Raises `Problem` list-unreadable, with a sentence on how the file has to be saved.
    """
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise unreadable("Tệp lớn quá 20 MB. Anh/chị bỏ ảnh trong tệp hoặc tách theo thôn.")
        with file.open("rb") as opened:
            beginning = opened.read(4096)
    except FileNotFoundError as error:
        raise unreadable(f"Không tìm thấy tệp “{file.name}”.") from error
    except OSError as error:
        raise Problem(LIST_UNREADABLE) from error
    return _reader_of(beginning, file)(file)


def _reader_of(beginning: bytes, file: Path) -> Callable[[Path], list[Sheet]]:
    """What reads a file that begins so. The name says little: people rename files instead of saving them anew."""
    if beginning.startswith(b"PK"):
        from sync_server.lists.excel import read_workbook  # imported late: only who brings a workbook pays for it

        return read_workbook
    if beginning.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in file.read_bytes():
            raise unreadable(
                "Tệp có mật khẩu. Mở bằng Excel, vào Tệp, Thông tin, Bảo vệ sổ làm việc, xóa mật khẩu rồi lưu lại."
            )
        raise unreadable(
            "Tệp là Excel đời cũ (.xls). Mở bằng Excel, chọn Lưu như (Save As), kiểu “Excel Workbook (.xlsx)”."
        )
    if beginning.lstrip()[:5].lower() in {b"<html", b"<!doc", b"<tabl", b"<?xml"}:
        raise unreadable(
            "Tệp là trang web hay XML mang tên bảng tính. Mở bằng Excel, chọn Lưu như, kiểu “Excel Workbook (.xlsx)”."
        )
    if beginning.startswith((b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"{\\rtf")) or not beginning.strip():
        raise Problem(LIST_UNREADABLE)
    return read_delimited
