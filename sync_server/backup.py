"""Backup and restore of a SQLite database; for PostgreSQL, a sentence that names its own tools.

Every commune of a restored database gets a new epoch: phones then send their work of the last 30 days again, so that
what the backup did not have comes back.
"""

import errno
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sync_server.ids import new_id
from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from sync_server.store.copies import (
    Contents,
    Damaged,
    InUse,
    NotOurs,
    find_contents,
    lock_file,
    save_copy,
    save_cut_off,
)
from sync_server.store.database import Database, StoreFailed, find_file
from sync_server.store.epochs import list_with_epoch, save_new_epoch

_BESIDE = ("-wal", "-shm", "-journal")

USE_PG_DUMP = (
    "Máy chủ này dùng PostgreSQL: anh/chị sao lưu bằng công cụ của PostgreSQL, "
    "ví dụ: pg_dump --format=custom --file=TỆP TÊN_CƠ_SỞ_DỮ_LIỆU"
)
USE_PG_RESTORE = (
    "Máy chủ này dùng PostgreSQL: dừng máy chủ, nạp lại bằng pg_restore --clean --if-exists --dbname=TÊN_CƠ_SỞ_DỮ_LIỆU "
    "TỆP, rồi chạy: tungnha restore --renew-only"
)
NO_DATABASE = "Chưa có cơ sở dữ liệu ở {path}. Kiểm tra TUNGNHA_DATA và TUNGNHA_DATABASE_URL."
FILE_EXISTS = "Đã có tệp {path}. Để không ghi đè bản sao lưu cũ, anh/chị chọn tên khác, ví dụ kèm ngày."
FILE_MISSING = "Không tìm thấy tệp {path}."
FILE_NOT_OURS = "Tệp {path} không phải là bản sao lưu của Từng Nhà. Dữ liệu hiện có không bị thay đổi."
FILE_DAMAGED = (
    "Tệp {path} bị hỏng, không đọc được trọn vẹn. Dữ liệu hiện có không bị thay đổi; hãy thử bản sao lưu khác."
)
DATABASE_DAMAGED = (
    "Cơ sở dữ liệu {path} bị hỏng nên không sao lưu được. Dừng máy chủ, giữ nguyên tệp này và khôi phục bản sao lưu "
    "gần nhất; điện thoại sẽ tự gửi lại phần còn thiếu."
)
NOT_WRITTEN = "Không ghi được {path}: {reason}."
NO_FOLDER = "Chưa có thư mục {path}. Anh/chị tạo thư mục ấy hoặc chọn chỗ khác."
_REASONS = {
    errno.ENOSPC: "đĩa đầy, anh/chị dọn bớt hoặc chọn chỗ khác",
    errno.EACCES: "không có quyền ghi ở đó",
    errno.EPERM: "không có quyền ghi ở đó",
    errno.EROFS: "ổ đĩa ấy chỉ đọc được",
}
SAME_FILE = "Tệp này chính là cơ sở dữ liệu đang dùng. Anh/chị chọn một bản sao lưu."
SERVER_RUNS = "Máy chủ đang chạy hoặc cơ sở dữ liệu đang mở. Dừng máy chủ rồi khôi phục lại."

NO_COMMUNE = "Máy chủ này không có xã mang mã {code}. Anh/chị xem lại mã xã; chưa có gì thay đổi."


class Refused(Exception):
    """The backup or restore was refused and nothing was changed. The text is one sentence for the administrator."""


@dataclass(frozen=True)
class Restored:
    """The result of a restore: what the database holds now, the new epoch of its communes, and where the replaced
    file is kept.

    `kept` is None if there was no file. `cut_off` is how many devices, revoked or reported lost since the backup, were
    marked so again.
    """

    contents: Contents
    epoch: str
    kept: Path | None
    cut_off: int


def back_up(settings: ServerSettings, file: Path) -> Contents:
    """Copy the database into a new file while the server runs, open the copy and check it. Raises `Refused`."""
    source = find_file(settings.database_address)
    if source is None:
        raise Refused(USE_PG_DUMP)
    if not source.is_file():
        raise Refused(NO_DATABASE.format(path=source))
    if not file.parent.is_dir():
        raise Refused(NO_FOLDER.format(path=file.parent))
    if file.exists():
        raise Refused(FILE_EXISTS.format(path=file))
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        contents = _checked_copy(source, part, DATABASE_DAMAGED)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(file.parent)
    return contents


def restore(settings: ServerSettings, file: Path, now: datetime) -> Restored:
    """Replace the database by a backup. The replaced file is kept beside it under a dated name. Raises `Refused`.

    The backup is copied, checked and migrated before the database is touched; the last step is one rename.
    """
    present = find_file(settings.database_address)
    if present is None:
        raise Refused(USE_PG_RESTORE)
    if not file.is_file():
        raise Refused(FILE_MISSING.format(path=file))
    if present.exists() and present.samefile(file):
        raise Refused(SAME_FILE)
    present.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    coming = present.with_name(f"{present.name}.restoring")
    try:
        _remove(coming)
        contents = _checked_copy(file, coming, FILE_DAMAGED)
        epoch = _renewed(Database(f"sqlite:///{coming}"), now)
        cut_off = save_cut_off(present, coming) if present.exists() else 0
        return Restored(contents, epoch, _put_in_place(coming, present, now), cut_off)
    except (StoreFailed, OSError) as error:
        raise Refused(NOT_WRITTEN.format(path=coming, reason=_why(error))) from error
    finally:
        _remove(coming)


def renew(settings: ServerSettings, now: datetime, commune: str | None = None) -> str:
    """Give a new epoch to all communes of a database that was restored by other means, such as pg_restore, or to the
    one commune that was, and return it. Raises `Refused` if that commune is not here."""
    return _renewed(open_database(settings), now, commune)


def _renewed(database: Database, now: datetime, only: str | None = None) -> str:
    epoch = new_id(now)
    try:
        with database.write() as session:
            for commune in _to_renew(list_with_epoch(session), only):
                save_new_epoch(session, commune, epoch)
    finally:
        database.close()
    return epoch


def _to_renew(communes: list[str], only: str | None) -> list[str]:
    if only is None:
        return communes
    if only not in communes:
        raise Refused(NO_COMMUNE.format(code=only))
    return [only]


def _checked_copy(source: Path, target: Path, damaged: str) -> Contents:
    """Copy a database and read the copy from end to end. `damaged` is the sentence for a source that is damaged."""
    try:
        save_copy(source, target)
        contents = find_contents(target)
        with target.open("rb") as written:
            os.fsync(written.fileno())
    except NotOurs as error:
        raise Refused(FILE_NOT_OURS.format(path=source)) from error
    except Damaged as error:
        raise Refused(damaged.format(path=source)) from error
    except OSError as error:
        raise Refused(NOT_WRITTEN.format(path=target, reason=_why(error))) from error
    return contents


def _why(error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else None
    return _REASONS.get(number or 0, "anh/chị kiểm tra chỗ trống và quyền ghi")


def _put_in_place(coming: Path, present: Path, now: datetime) -> Path | None:
    with lock_file(coming):  # moves everything from its write-ahead log into the one file
        pass
    if not present.exists():
        coming.replace(present)
        _sync_folder(present.parent)
        return None
    kept = _dated(present, now)
    try:
        with lock_file(present):
            _keep(present, kept)
            coming.replace(present)
    except InUse as error:
        raise Refused(SERVER_RUNS) from error
    except Damaged:  # the present file cannot be opened: keep it as it is, with the files that SQLite put beside it
        for end in _BESIDE:
            with suppress(FileNotFoundError):
                Path(f"{present}{end}").replace(f"{kept}{end}")
        _keep(present, kept)
        coming.replace(present)
    _sync_folder(present.parent)
    return kept


def _keep(present: Path, kept: Path) -> None:
    """Give the file a second name by a hard link, or copy it where the disk has no links.

    So there is a database at every moment.
    """
    try:
        os.link(present, kept)
    except OSError:
        shutil.copy2(present, kept)


def _dated(path: Path, now: datetime) -> Path:
    stem = f"{path.stem}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (path.with_name(f"{stem}{f'-{more}' if more else ''}{path.suffix}") for more in range(1000))
    return next(name for name in names if not name.exists())


def _remove(path: Path) -> None:
    for end in ("", *_BESIDE):
        Path(f"{path}{end}").unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
