"""What the columns of a list are, by their headings: the best match wins, and two equally good ones are asked about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from survey.vietnamese import clean, fold
from sync_server.lists.sheets import Row, column_letter

HEADER_WITHIN = 40
HIGHEST_HEADER = 3
"""Most lines of a header: "Chủ hộ" over "Họ và tên", "Năm sinh", over the letters of a form's columns."""
LONGEST_HEADING = 60
"""A title above the table is a long sentence, a heading is short."""


class Column(StrEnum):
    """What a column says of a household, or of one of its people."""

    NUMBER = "number"
    HOUSEHOLD_NUMBER = "household_number"
    HEAD = "head_name"
    PERSON = "person"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    RELATION = "relation"
    VILLAGE = "village"
    ADDRESS = "address"
    ADDRESS_PART = "address_part"
    PHONE = "phone"
    PEOPLE = "people"
    BIRTH = "birth_year"
    SEX = "sex"
    MALE = "male"
    FEMALE = "female"


SHOWN = {
    Column.NUMBER: "STT",
    Column.HOUSEHOLD_NUMBER: "Số hộ",
    Column.HEAD: "Họ và tên chủ hộ",
    Column.PERSON: "Họ và tên",
    Column.FAMILY_NAME: "Họ và tên đệm",
    Column.GIVEN_NAME: "Tên",
    Column.RELATION: "Quan hệ với chủ hộ",
    Column.VILLAGE: "Thôn",
    Column.ADDRESS: "Địa chỉ",
    Column.ADDRESS_PART: "Xóm, ngõ, số nhà",
    Column.PHONE: "Điện thoại",
    Column.PEOPLE: "Số khẩu",
    Column.BIRTH: "Năm sinh",
    Column.SEX: "Giới tính",
    Column.MALE: "Nam",
    Column.FEMALE: "Nữ",
}
OF_PEOPLE = (Column.BIRTH, Column.SEX, Column.MALE, Column.FEMALE)
"""Columns that are read of a list of people alone."""
_KINDS = "thon|ban|ap|to dan pho|tdp|khu pho|khu dan cu|khom|buon|bon|lang|plei|soc|to"
# What a heading begins with decides: "Địa chỉ chủ hộ" is an address, "Mã chủ hộ" and "Trưởng thôn" are none of these.
# The number says how well it fits: 3 the very words, 2 such words with more behind them, 1 words that may mean it.
_HEADINGS: tuple[tuple[str, Column, int], ...] = tuple(
    (f"^(?:{words})$", column, quality)
    for words, column, quality in (
        (r"stt|tt|so tt|so thu tu|thu tu|so|no", Column.NUMBER, 3),
        (r"(stt|so thu tu|so|ma|ma so|so hieu) ho( gia dinh| dan)?|ho so", Column.HOUSEHOLD_NUMBER, 3),
        (r"(ho va ten|ho ten|ten|ten day du cua|ho va ten cua) chu ho( gia dinh)?|chu ho( gia dinh)?", Column.HEAD, 3),
        (
            r"chu ho (ho va ten|ho ten)|(ho va ten|ho ten|ten|chu ho).* chu ho.*|chu ho (viet|hoac|dai dien).*",
            Column.HEAD,
            2,
        ),
        (r"((ho va ten|ho ten|ten) )?(nguoi )?dai dien( cua)?( ho| gia dinh).*|ten ho( gia dinh)?", Column.HEAD, 1),
        (r"ho va ten|ho ten|ho chu dem va ten.*|ho ten dem va ten|ho va ten khai sinh", Column.PERSON, 3),
        (
            r"ho|ho dem|ho va dem|ho va ten dem|ho ten dem|ho lot|ho va ten lot|ho va chu dem|ho chu dem",
            Column.FAMILY_NAME,
            3,
        ),
        (r"ten|ten goi", Column.GIVEN_NAME, 3),
        (r"(ho va ten|ho ten) .*", Column.PERSON, 1),
        (r"(moi )?(quan he|qh)( .*)?", Column.RELATION, 3),
        (r"(ngay |nam |ngay thang nam |ngay thang |ntn)?sinh( ngay| nam)?|ntns|ns|nam sinh .*", Column.BIRTH, 3),
        (r"gioi tinh|gt|phai|nam nu", Column.SEX, 3),
        (r"(gioi tinh )?nam", Column.MALE, 3),
        (r"(gioi tinh )?nu", Column.FEMALE, 3),
        (rf"(ten )?({_KINDS})( (ten )?({_KINDS}|xom))*", Column.VILLAGE, 3),
        (r"dia chi|dia chi (nha|ho|thuong tru|noi o|cu tru|chu ho|cu the|chi tiet).*", Column.ADDRESS, 3),
        (r"(dia chi|noi o|cho o|noi cu tru|noi thuong tru|noi o hien nay|dia diem)( .*)?", Column.ADDRESS, 2),
        (r"(so nha|ngo|hem|kiet|duong|pho|xom|doi|cum|cum dan cu|khu vuc|khu)( .*)?", Column.ADDRESS_PART, 2),
        (r"(so )?(dien thoai|dt|sdt|di dong|dt di dong|dien thoai di dong)", Column.PHONE, 3),
        (r"(so )?(dien thoai|dt|sdt|dtdd|di dong|so may|tel|phone|lien he|lien lac)( .*)?", Column.PHONE, 2),
        (r"(tong )?(so )?(nhan khau|khau|thanh vien)( .*)?|(tong )?so nguoi.*", Column.PEOPLE, 2),
    )
)
_MANY = (Column.ADDRESS_PART, Column.PHONE)
_ASKED = (Column.HEAD, Column.VILLAGE, Column.HOUSEHOLD_NUMBER, Column.PERSON)
"""Columns of which a list has one: where two fit equally well, a person says which."""


@dataclass(frozen=True)
class Header:
    """The header of a sheet: the numbers of its rows, the place of each column, and where several fit equally well. The
    parts of an address and phone numbers may stand in several columns. `headings` are whole, `lowest` their ends."""

    rows: tuple[int, ...]
    columns: Mapping[Column, tuple[int, ...]]
    unclear: Mapping[Column, tuple[int, ...]]
    headings: tuple[str, ...]
    lowest: tuple[str, ...]

    def at(self, column: Column) -> int | None:
        return next(iter(self.columns.get(column, ())), None)

    @property
    def has_names(self) -> bool:
        """Whether it says who the household is."""
        return bool({Column.HEAD, Column.PERSON} & self.columns.keys()) or (
            {Column.FAMILY_NAME, Column.GIVEN_NAME} <= self.columns.keys()
        )

    @property
    def lists_people(self) -> bool:
        """Whether each row is a person, not a household: only then there is what they are to the head."""
        return Column.RELATION in self.columns


def heading_of(text: str) -> tuple[Column, int] | None:
    """What a heading says that its column is, and how well it says so; None for a column that is not read."""
    plain = re.sub(r"\([^)]*\)", " ", clean(text))
    if not plain or len(plain) > LONGEST_HEADING:
        return None
    words = " ".join(re.findall(r"[a-z0-9]+", fold(plain)))
    return next(((column, quality) for pattern, column, quality in _HEADINGS if re.match(pattern, words)), None)


def find_header(rows: Sequence[Row], chosen: Mapping[Column, str], *, may_be_alone: bool = False) -> Header | None:
    """The header among a sheet's first rows: the first that names who the household is beside something else, with the
    rows under it that belong to it. `chosen` are columns that a person has picked, by letter; a heading `may_be_alone`
    if all households are of one village. None if there is none."""
    best: Header | None = None
    for place in range(min(len(rows), HEADER_WITHIN)):
        for height in range(1, HIGHEST_HEADER + 1):
            some = rows[place : place + height]
            if len(some) < height or (height > 1 and not _may_go_on(some[-1])):
                break
            header = _header(some, chosen)
            if not header.columns:
                break  # a title, or a line of a list
            if (
                header.has_names
                and (may_be_alone or len(header.columns) > 1)
                and (best is None or _better(header, best))
            ):
                best = header
        if best is not None:
            return best
    return None


def with_village_column(header: Header, at: int) -> Header:
    """The header with this column, read as a part of the address so far, as the village."""
    columns = {one: tuple(place for place in places if place != at) for one, places in header.columns.items()}
    columns = {one: places for one, places in columns.items() if places}
    return replace(header, columns=columns | {Column.VILLAGE: (at,)})


def best_guess(rows: Sequence[Row]) -> list[Column]:
    """The columns of the row that looks most like a header, to be named when none is one."""
    headers = [_header([row], {}) for row in rows[:HEADER_WITHIN]]
    return list(max(headers, key=lambda one: len(one.columns)).columns) if headers else []


def _better(header: Header, best: Header) -> bool:
    """Another line counts as the header's where more columns are known with it."""
    return sum(map(len, header.columns.values())) > sum(map(len, best.columns.values()))


def _may_go_on(row: Row) -> bool:
    """Whether a row can be a further line of a header: words alone, no number of a line."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()[:1].isdigit()) for cell in row.cells)


def _header(rows: Sequence[Row], chosen: Mapping[Column, str]) -> Header:
    width = max(len(row.cells) for row in rows)
    lines = [row.texts() + [""] * (width - len(row.cells)) for row in rows]
    columns_of_text = [[line[at] for line in lines if line[at].strip()] for at in range(width)]
    headings = tuple(" ".join(dict.fromkeys(map(clean, texts))) for texts in columns_of_text)
    lowest = tuple(clean(texts[-1]) if texts else "" for texts in columns_of_text)
    found: dict[Column, list[tuple[int, int]]] = {}
    for at, parts in enumerate(columns_of_text):
        # Under "Chủ hộ" stand "Họ và tên" and "Năm sinh": the lowest line says it best, else all together.
        known = (heading_of(parts[-1]) or heading_of(headings[at])) if parts else None
        if known:
            found.setdefault(known[0], []).append((-known[1], at))
    columns: dict[Column, tuple[int, ...]] = {}
    unclear: dict[Column, tuple[int, ...]] = {}
    for column, places in found.items():
        best = min(places)[0]
        fit = tuple(at for quality, at in sorted(places) if quality == best)
        columns[column] = tuple(at for _, at in sorted(places, key=lambda one: one[1])) if column in _MANY else fit[:1]
        if column in _ASKED and len(fit) > 1:
            unclear[column] = fit
    for column, letter in chosen.items():
        picked = tuple(at for at in range(width) if column_letter(at) == letter.upper())
        if picked:
            others = {one: tuple(at for at in ats if at not in picked) for one, ats in columns.items()}
            columns = {one: ats for one, ats in others.items() if ats} | {column: picked}
            unclear.pop(column, None)
    return Header(tuple(row.number for row in rows), columns, unclear, headings, lowest)


def named(columns: Iterable[Column]) -> str:
    """The columns' names in a sentence."""
    return ", ".join(f"“{SHOWN[one]}”" for one in columns)
