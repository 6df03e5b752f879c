"""What must hold on the server whatever happened: each household once, and the figures of the pure fold."""

from typing import Any

from sqlalchemy import text

from survey.records import Household
from survey.times import vietnam_midnight
from sync_server.store.communes import find_criteria_set, list_rounds
from sync_server.store.stream import list_kind
from sync_server.store.villages import list_villages
from tests.fold import tally
from tests.kept_sums import assert_kept_sums
from tests.sync.rig import Rig

COMMUNE = "09052"


def households_by_village(rig: Rig) -> dict[str, dict[str, dict[str, Any]]]:
    """The households on each village's stream, ended villages too."""
    with rig.server.state.database.read() as session:
        villages = [village.id for village in list_villages(session, COMMUNE, ended=True)]
        states = list_kind(session, COMMUNE, "household", villages)
    found: dict[str, dict[str, dict[str, Any]]] = {village: {} for village in villages}
    for state in states:
        found[state.village][state.subject] = state.to_body()
    return found


def assert_counted_once(rig: Rig) -> None:
    """Every household is on one stream, and each village's figures as kept and on its stream are the fold over them."""
    assert_kept_sums(rig.server.state.database)
    homes = households_by_village(rig)
    everybody = [household for there in homes.values() for household in there]
    assert len(everybody) == len(set(everybody))
    with rig.server.state.database.read() as session:
        measures = find_criteria_set(session, COMMUNE).measures()
        latest = list_rounds(session, COMMUNE)[0]
        year, began = latest.reference_year, vietnam_midnight(latest.starts_on)
        reports = {state.village: state.to_body() for state in list_kind(session, COMMUNE, "coverage", homes)}
        present = {village.id for village in list_villages(session, COMMUNE)}
    for village, there in homes.items():
        folded = tally([Household.model_validate(body) for body in there.values()], measures, year, began)
        if village in present:
            report = reports[village]
            assert (report["registered"], report["surveyed"]) == (folded.registered, folded.surveyed)
        else:
            assert not there
            assert village not in reports


def visits_of(rig: Rig, household: str) -> dict[str, str]:
    """The visits to a household that the server keeps, with the village that each was recorded in."""
    query = text("SELECT id, village_id FROM response WHERE household_id = :household")
    with rig.server.state.database.read() as session:
        return {row.id: row.village_id for row in session.execute(query, {"household": household})}


def differences(rig: Rig) -> dict[tuple[str, str], dict[str, Any]]:
    """Every difference on the streams, by village and id."""
    with rig.server.state.database.read() as session:
        villages = [village.id for village in list_villages(session, COMMUNE, ended=True)]
        return {
            (one.village, one.subject): one.to_body() for one in list_kind(session, COMMUNE, "difference", villages)
        }
