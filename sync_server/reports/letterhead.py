"""Head and foot of a document under Nghị định 30/2020/NĐ-CP, Phụ lục I: who writes to whom, and who signs.

Number and date are left empty: the office's clerk gives them after the signature (Điều 15).
"""

from dataclasses import dataclass

from survey.records import Commune
from survey.reports import Letterhead

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
KIND = "BÁO CÁO"


def proposed(commune: Commune) -> Letterhead:
    """What most communes will write: their people's committee, its chairman, and an archive's copy."""
    name = f"{commune.kind} {commune.name}"
    return Letterhead(
        issuer=f"Ủy ban nhân dân\n{name}",
        sign="BC-UBND",
        place=commune.name,
        capacity="TM. Ủy ban nhân dân\nChủ tịch",
        recipients="Như trên;\nLưu: VT.",
    )


@dataclass(frozen=True)
class Lines:
    """A letterhead cut into the lines that are printed."""

    parent: str
    issuer: tuple[str, ...]
    number: str
    place_and_date: str
    attached_to: str
    addressed_to: tuple[str, ...]
    capacity: tuple[str, ...]
    signer: str
    recipients: tuple[str, ...]


def lines_of(letterhead: Letterhead) -> Lines:
    """The lines. Date and number stay open, as wide as a hand needs."""
    issuer = _lines(letterhead.issuer)
    place = f"{letterhead.place}, " if letterhead.place else ""
    return Lines(
        parent=letterhead.parent.upper(),
        issuer=tuple(line.upper() for line in issuer),
        number=f"Số:        /{letterhead.sign}" if letterhead.sign else "Số:        ",
        place_and_date=f"{place}ngày       tháng       năm         ",
        attached_to=f"(Kèm theo Báo cáo số        ngày       tháng       năm         của {' '.join(issuer)})",
        addressed_to=_lines(letterhead.addressed_to),
        capacity=_lines(letterhead.capacity.upper()),
        signer=letterhead.signer,
        recipients=_lines(letterhead.recipients),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
