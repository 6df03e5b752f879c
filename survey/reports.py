"""A report as it is frozen at its signing: criteria, figures, what was attested, and by whom. No resident's data.

Its canonical bytes are hashed; the hash's beginning is the check code ("mã kiểm tra") on every paper. It proves that a
paper shows what the server froze, not who signed: it is no digital signature.
"""

import json
import unicodedata
from datetime import date
from hashlib import sha256
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from survey.coverage import CommuneCoverage, CriterionCoverage
from survey.criteria import CriteriaSet
from survey.periods import ReportingPeriod
from survey.records import Attestation, Record, SurveyRound, Text

_CODE_LETTERS, _GROUP = 16, 4
Lines = Annotated[str, Field(max_length=4000)]


class AttestedItem(Attestation):
    """A village's yes/no or count item with its evidence, as it stood when the report was made."""

    village: str


class EarlierReport(Record):
    """The figures of the signed report before this one, to compare with."""

    title: str
    code: str
    ends_on: date
    passed: int
    total: int
    registered: int
    surveyed: int
    totals: list[CriterionCoverage]
    villages: dict[str, list[CriterionCoverage]] = {}


class Letterhead(Record):
    """Who issues the document and who signs it, as NĐ 30/2020 places them, printed as typed. `Lines` keep theirs."""

    parent: Text = ""
    issuer: Lines = ""
    sign: Text = ""
    place: Text = ""
    addressed_to: Lines = ""
    capacity: Lines = ""
    signer: Text = ""
    recipients: Lines = ""


class Wording(Record):
    """What the official writes into the report beside the figures; `printed` are figures of earlier papers, to be
    computed again (`survey.printed_figures`)."""

    shortcomings: Lines = ""
    next_steps: Lines = ""
    proposals: Lines = ""
    printed: Lines = ""


class Replaced(Record):
    """The signed report that this one replaces, and why."""

    code: str
    number: int
    signed_at: AwareDatetime
    reason: Text


class Report(Record):
    """Everything a report says. Without `period` it is the table as it stands now; with `number` it is signed.

    `late` counts the visits after the cut-off that are not in the figures. `positions` are the villages' sequences,
    `check_at` is the address of the page where the check code is compared.
    """

    version: int = 1
    taken_at: AwareDatetime
    coverage: CommuneCoverage
    criteria_set: CriteriaSet
    round: SurveyRound
    attested: list[AttestedItem] = []
    period: ReportingPeriod | None = None
    before: EarlierReport | None = None
    late: int = 0
    positions: dict[str, int] = {}
    letterhead: Letterhead = Letterhead()
    wording: Wording = Wording()
    number: int | None = None
    signed_by: str | None = None
    replaces: Replaced | None = None
    previous_hash: str | None = None
    check_at: str = ""


def canonical(report: Report) -> bytes:
    """The bytes that are kept and hashed: NFC, sorted keys, no spaces, UTF-8. Numbers are integers, fractions two of
    them; so a JSON reader of any language gives the same bytes (RFC 8785)."""
    body = _composed(report.model_dump(mode="json"))
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _composed(value: Any) -> Any:
    """Texts in NFC: "Hòa" written in two ways is one text. Raises ValueError for a fraction that is no two integers."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_composed(key): _composed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_composed(one) for one in value]
    if isinstance(value, float):
        raise ValueError(f"a report holds integers and texts only: {value!r}")
    return value


def hash_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def check_code(full_hash: str) -> str:
    """The beginning of a hash as it is printed: "3F0A 91C2 77DE 4B15"."""
    letters = full_hash[:_CODE_LETTERS].upper()
    return " ".join(letters[place : place + _GROUP] for place in range(0, _CODE_LETTERS, _GROUP))
