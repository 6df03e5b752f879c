"""A device with a village of households, as a sync would have left it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.store.database import Database
from app.store.households import save_households
from app.store.stream import save_stream_rows
from app.store.sync_state import save_sign_in
from survey.criteria import CriteriaSet
from survey.wire import EnrollmentReply, MemberName, StreamItem
from tests.builders import NOW, a_commune, a_round, a_village, an_id, demo_set, lan_member

VILLAGE = an_id(10)


@dataclass
class VillageOnDevice:
    """The open file, and how to put more rows on the village's stream."""

    database: Database
    criteria_set: CriteriaSet
    member: str
    seq: int = 0

    def receive(self, kind: str, subject: str, body: dict[str, Any] | None) -> None:
        self.seq += 1
        row = StreamItem(seq=self.seq, kind=kind, subject=subject, body=body)
        with self.database.write() as session:
            save_stream_rows(session, VILLAGE, [row])
            if kind == "household":
                save_households(session, VILLAGE, [row])

    def add_household(self, head_name: str, address: str = "Xóm 1", **more: Any) -> str:
        identity = an_id()
        self.receive("household", identity, {"head_name": head_name, "address": address, "status": "active"} | more)
        return identity


@pytest.fixture
def device(tmp_path: Path) -> Iterator[VillageOnDevice]:
    database = Database(tmp_path / "device.db")
    member = lan_member()
    with database.write() as session:
        save_sign_in(
            session,
            EnrollmentReply(
                token="t" * 43,
                device_id=an_id(11),
                member=MemberName(id=member.id, name=member.name),
                role=member.role,
                commune=a_commune(),
                villages=[a_village(id=VILLAGE)],
                server_epoch="e1",
                scope_version=1,
            ),
            NOW,
        )
    criteria_set = demo_set()
    made = VillageOnDevice(database, criteria_set, member.id)
    survey_round = a_round(criteria_set=criteria_set.code)
    made.receive("round", survey_round.id, survey_round.model_dump(mode="json"))
    made.receive("criteria_set", criteria_set.code, criteria_set.model_dump(mode="json"))
    yield made
    database.close()
