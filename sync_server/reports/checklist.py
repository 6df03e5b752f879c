"""What an official should know before signing: each thing said in a sentence, with the page where it is put right."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from survey.attesting import open_items
from survey.coverage import CoverageReport
from survey.devices import DeviceState
from survey.records import Attestation
from survey.reports import Report
from survey.times import vietnam_day
from survey.vietnamese import format_date, format_number, format_percent
from survey.villages import full_name
from sync_server.reports.compose import cut_off
from sync_server.store.database import Session
from sync_server.store.device_lines import list_devices
from sync_server.store.stream import list_kind

_NAMED = 5


@dataclass(frozen=True)
class Check:
    """One line of the list: whether all is well, what there is to know, and where it is put right ("" for nowhere)."""

    is_well: bool
    said: str
    path: str = ""


def check_before_signing(session: Session, report: Report, now: datetime) -> list[Check]:
    """Everything that a signature would pass over, in the order in which it is put right."""
    commune, villages = report.coverage.commune.code, [one.village.id for one in report.coverage.villages]
    return [
        _cut_off(report, now),
        _unsent(session, commune),
        _differences(session, commune, villages),
        _surveyed_little(report),
        *_attested(report),
        _whole_document(report),
    ]


def _cut_off(report: Report, now: datetime) -> Check:
    assert report.period is not None
    last = format_date(report.period.ends_on)
    if now < cut_off(report.period):
        return Check(False, f"Chưa hết kỳ: ngày chốt là {last}, hôm nay {format_date(vietnam_day(now))}.")
    if report.late:
        late = format_number(report.late)
        return Check(True, f"Đã qua ngày chốt {last}. {late} phiếu ghi sau ngày đó được tính vào kỳ sau.")
    return Check(True, f"Đã qua ngày chốt {last}.")


def _unsent(session: Session, commune: str) -> Check:
    """Phones whose last sync left visits behind; what no phone has told nobody can know."""
    waiting = [one for one in list_devices(session, commune) if one.unsent and one.state is not DeviceState.LOST]
    if not waiting:
        return Check(True, "Lần liên lạc cuối, không máy nào còn phiếu chưa gửi.", "/people")
    names = _names([one.member.name for one in waiting])
    count = format_number(sum(one.unsent for one in waiting))
    return Check(False, f"{len(waiting)} máy còn {count} phiếu chưa gửi: {names}.", "/people")


def _differences(session: Session, commune: str, villages: list[str]) -> Check:
    waiting = sum(one.to_body().get("state") == "open" for one in list_kind(session, commune, "difference", villages))
    if waiting:
        said = f"{format_number(waiting)} chỗ hai người ghi khác nhau chưa được xem."
        return Check(False, said, "/differences")
    return Check(True, "Không còn chỗ nào hai người ghi khác nhau.", "/differences")


def _surveyed_little(report: Report) -> Check:
    share = Fraction(report.criteria_set.min_share) / 100
    little = [one for one in report.coverage.villages if _share(one) < share or not one.registered]
    if not little:
        return Check(True, "Thôn nào cũng khảo sát đủ số hộ để kết luận.", "/overview")
    said = ", ".join(f"{full_name(one.village)} ({format_percent(_share(one))})" for one in little[:_NAMED])
    more = f" và {len(little) - _NAMED} thôn nữa" if len(little) > _NAMED else ""
    needed = f" (cần {format_percent(share)} số hộ)" if share else ""
    return Check(False, f"{len(little)} thôn khảo sát còn ít{needed}: {said}{more}.", "/overview")


def _share(report: CoverageReport) -> Fraction:
    return report.met.surveyed_share or Fraction(0)


def _attested(report: Report) -> list[Check]:
    """The items that no village answered for, and those that the commune has not confirmed yet."""
    said: dict[str, dict[str, Attestation]] = {}
    for one in report.attested:
        said.setdefault(one.village, {})[one.criterion] = one
    found = open_items(report.criteria_set, [one.village.id for one in report.coverage.villages], said)
    missing = _count(found.not_attested, "mục thôn chưa xác nhận", "Thôn đã xác nhận đủ các mục.")
    unconfirmed = _count(found.not_confirmed, "mục xã chưa duyệt", "Không còn mục nào chờ xã duyệt.")
    return [
        Check(not found.not_attested, missing, "/attested"),
        Check(not found.not_confirmed, unconfirmed, "/attested"),
    ]


def _count(open_items: list[tuple[str, str]], words: str, none: str) -> str:
    if not open_items:
        return none
    villages = len({village for village, _no in open_items})
    return f"{format_number(len(open_items))} {words}, ở {villages} thôn."


def _whole_document(report: Report) -> Check:
    if report.criteria_set.complete:
        return Check(True, f"Bộ tiêu chí: {report.criteria_set.title}.", "/setup/criteria")
    return Check(
        False, "Bộ tiêu chí mới có một phần của văn bản: chưa thôn nào được kết luận là đạt.", "/setup/criteria"
    )


def _names(names: list[str]) -> str:
    more = f" và {len(names) - _NAMED} người nữa" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
