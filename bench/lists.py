"""What importing a household list costs: seconds and the most memory of each step.

    python -m bench.lists [--rows 20000]

Made-up households in 20 villages, on a new SQLite file: the list is read, looked at, imported, imported again as it
was, brought with every tenth phone number changed, and that is taken back.
"""

import argparse
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from openpyxl import Workbook

from sync_server.commune.list_import import ImportResult, import_households, look_at_list
from sync_server.commune.list_plan import Wanted
from sync_server.commune.list_undo import record_import, undo_import
from sync_server.commune.setup import create_commune
from sync_server.lists.found import Understanding
from sync_server.lists.reading import read_list
from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from sync_server.store.list_imports import list_list_imports

COMMUNE, NOW = "09052", datetime(2026, 11, 26, 2, tzinfo=UTC)
FAMILY, MIDDLE = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng"), ("Văn", "Thị", "Đình", "Hữu", "Ngọc")
GIVEN = ("An", "Bình", "Cường", "Dũng", "Hiền", "Mơ", "Sáu", "Lý", "Hòa", "Tú", "Đào", "Phúc")


def write(file: Path, rows: int, changed: bool) -> None:
    random = Random(7)
    book = Workbook(write_only=True)
    page = book.create_sheet("Hộ")
    page.append(["DANH SÁCH HỘ GIA ĐÌNH"])
    page.append(["STT", "Họ và tên chủ hộ", "Thôn", "Địa chỉ", "SĐT", "Số khẩu"])
    for at in range(rows):
        name = f"{random.choice(FAMILY)} {random.choice(MIDDLE)} {random.choice(GIVEN)}"
        phone = f"09{random.randrange(10**8):08d}"
        phone = f"03{phone[2:]}" if changed and at % 10 == 0 else phone
        page.append([at + 1, name, f"Thôn {at % 20 + 1}", f"Ngõ {at // 20 % 60}, số {at}", phone, 4])
    book.save(file)


@contextmanager
def measured(step: str, rows: int) -> Iterator[Callable[[str], None]]:
    said: list[str] = []
    began = time.perf_counter()
    yield said.append
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{step:<28}{seconds:>8.1f} s {rows / seconds:>8.0f} rows/s {memory:>6.0f} MB  {' '.join(said)}")


def counts(done: ImportResult) -> str:
    return f"{done.added} added, {done.updated} updated, {done.unchanged} unchanged, {done.left_out} left out"


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--rows", type=int, default=20_000)
    rows = given.parse_args().rows
    with TemporaryDirectory() as folder:
        first, second = Path(folder) / "ho.xlsx", Path(folder) / "ho-moi.xlsx"
        write(first, rows, changed=False)
        write(second, rows, changed=True)
        database = open_database(ServerSettings(data=Path(folder)))
        with database.write() as session:
            create_commune(session, COMMUNE, NOW)
        with measured("read", rows):
            read_list(first, Understanding())
        wanted = Wanted(create_villages=True)
        with measured("looked at, empty commune", rows), database.read() as session:
            look_at_list(session, COMMUNE, first, wanted, NOW)
        steps = (("imported", first), ("imported again", first), ("every tenth phone changed", second))
        for minutes, (step, file) in enumerate(steps):
            with measured(step, rows) as say, database.write() as session:
                done = import_households(session, COMMUNE, file, NOW, wanted=wanted)
                record_import(session, COMMUNE, done, file.name, "bench", NOW + timedelta(minutes=minutes))
                say(counts(done))
        with measured("taken back", done.updated), database.write() as session:
            undo_import(session, COMMUNE, list_list_imports(session, COMMUNE, 1)[0].id, NOW)
        database.close()


if __name__ == "__main__":
    main()
