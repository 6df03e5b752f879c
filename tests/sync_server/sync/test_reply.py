"""What goes down: pages by cursor, and a count and check that every device can compute."""

from survey.criteria import CriteriaSet
from survey.records import SurveyRound, Village
from tests.builders import an_id
from tests.sync_server.wire_client import Device, Server


def fill(device: Device, count: int) -> list[str]:
    homes = [an_id() for _ in range(count)]
    device.send(*(device.change("household", home, {"head_name": f"Hộ {at}"}) for at, home in enumerate(homes)))
    return homes


def test_a_new_device_gets_the_village_its_round_and_its_criteria(lan_member: Device) -> None:
    lan_member.pull()
    kinds = {kind for kind, _ in lan_member.rows[lan_member.village]}
    assert kinds == {"village", "round", "criteria_set", "member", "coverage"}
    assert Village.model_validate(lan_member.of_kind("village")[0]).name == "Đinh Xá"
    assert SurveyRound.model_validate(lan_member.of_kind("round")[0]).reference_year == 2026
    assert CriteriaSet.model_validate(lan_member.of_kind("criteria_set")[0]).code == "thu"
    assert lan_member.of_kind("member") == [{"name": "Vũ Thị Lan", "role": "member"}]


def test_pages_hold_each_subject_once_at_its_latest_state(lan_member: Device, binh_member: Device) -> None:
    homes = fill(lan_member, 30)
    binh_member.pull(limit=7)
    assert len(binh_member.of_kind("household")) == 30
    lan_member.send(*(lan_member.visit(home) for home in homes[:3]))
    page = binh_member.send()["streams"][binh_member.village]
    assert [row["subject"] for row in page["rows"] if row["kind"] == "household"] == homes[:3]
    assert [row["seq"] for row in page["rows"]] == sorted(row["seq"] for row in page["rows"])


def test_a_page_says_whether_there_is_more(lan_member: Device) -> None:
    fill(lan_member, 5)
    page = lan_member.send(limit=3)["streams"][lan_member.village]
    assert (len(page["rows"]), page["more"], page["cursor"]) == (3, True, page["rows"][-1]["seq"])
    lan_member.pull()
    page = lan_member.send()["streams"][lan_member.village]
    assert (page["rows"], page["more"], page["cursor"]) == ([], False, lan_member.cursors[lan_member.village])


def test_a_reply_has_a_limit_over_all_villages(server: Server, lan_member: Device, hoa_official: Device) -> None:
    fill(lan_member, 150)
    server.app.state.settings = server.app.state.settings.model_copy(update={"reply_rows": 100})
    reply = hoa_official.send(limit=2000)
    assert sum(len(page["rows"]) for page in reply["streams"].values()) == 100
    assert all(page["more"] for page in reply["streams"].values())
    hoa_official.pull(limit=2000)
    assert len(hoa_official.of_kind("household")) == 150


def test_a_cursor_from_before_a_restore_starts_over(lan_member: Device) -> None:
    page = lan_member.send(cursors={lan_member.village: 10**9})["streams"][lan_member.village]
    assert page["rows"][0]["kind"] == "village"
    assert not page["more"]


def test_a_report_that_did_not_change_is_not_sent_again(lan_member: Device, household: str) -> None:
    lan_member.pull()
    before = lan_member.seen("coverage", lan_member.village)
    lan_member.send(lan_member.change("household", household, {"address": "Ngõ 3"}))
    lan_member.pull()
    assert lan_member.seen("coverage", lan_member.village) == before
    lan_member.send(lan_member.visit(household))
    lan_member.pull()
    assert lan_member.seen("coverage", lan_member.village) > before


def test_a_removed_subject_leaves_the_count(minh_lead: Device) -> None:
    for value in (1, 2):
        minh_lead.send(minh_lead.change("attestation", an_id(), {"criterion": "4", "value": value}))
        minh_lead.pull()  # compares count and check
    assert len(minh_lead.of_kind("attestation")) == 1


def test_the_device_is_seen_without_sending_anything(server: Server, lan_member: Device) -> None:
    from sqlalchemy import text

    def last_seen() -> str:
        with server.database.read() as session:
            return str(session.execute(text("SELECT last_seen_at FROM device")).scalar_one())

    lan_member.send()
    first = last_seen()
    server.clock.pass_by(minutes=1)
    lan_member.send()
    assert last_seen() == first
    server.clock.pass_by(minutes=20)
    lan_member.send()
    assert last_seen() > first
