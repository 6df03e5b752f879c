"""The place in the list of households outlives the app, and ends with a new sign-in."""

from app.actions.settings import keep_list_place
from app.store.list_place import ListPlace, find_list_place
from app.store.sync_state import save_sign_in
from survey.wire import EnrollmentReply, MemberName
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.builders import NOW, a_commune, a_village, an_id, lan_member

FAR = ListPlace("all", "nguyễn", 110, 4210.5)


def test_the_place_is_there_at_the_next_start(device: VillageOnDevice) -> None:
    with device.database.read() as session:
        assert find_list_place(session) == ListPlace("open", "", 0, 0)
    keep_list_place(device.database, FAR)
    with device.database.read() as session:
        assert find_list_place(session) == FAR


def test_who_signs_in_here_begins_at_the_top(device: VillageOnDevice) -> None:
    keep_list_place(device.database, FAR)
    member = lan_member()
    reply = EnrollmentReply(
        token="t" * 43,
        device_id=an_id(12),
        member=MemberName(id=an_id(13), name="Hoa"),
        role=member.role,
        commune=a_commune(),
        villages=[a_village(id=VILLAGE)],
        server_epoch="e1",
        scope_version=1,
    )
    with device.database.write() as session:
        save_sign_in(session, reply, NOW)
        assert find_list_place(session) == ListPlace()
