"""Integrity, the server's half: for a device whose check differs only the buckets that differ are sent, whole."""

import pytest

from survey.wire import BUCKETS, bucket_of, bucket_sums, row_digest
from tests.builders import an_id
from tests.sync_server.wire_client import Device, Json, Server

Key = tuple[str, str]


def digest(row: Json) -> int:
    return row_digest(row["kind"], row["subject"], row["seq"])


def sums(device: Device) -> list[str]:
    return bucket_sums(digest(row) for row in device.rows[device.village].values())


def fill(device: Device, count: int = 150) -> None:
    device.send(*(device.change("household", an_id(), {"head_name": f"Hộ {at}"}) for at in range(count)))
    device.pull()


def ask(device: Device, **more: object) -> Json:
    """The page of the device's village, with the device's own sums."""
    page: Json = device.send(buckets={device.village: sums(device)}, **more)["streams"][device.village]
    return page


def keys(rows: list[Json]) -> list[Key]:
    return [(row["kind"], row["subject"]) for row in rows]


def of_bucket(device: Device, bucket: int) -> list[Key]:
    return [key for key, row in device.rows[device.village].items() if bucket_of(digest(row)) == bucket]


def lose(device: Device, count: int) -> tuple[list[int], list[Key]]:
    """The device loses some households; the buckets that are wrong now, and all that the server has in them."""
    held = device.rows[device.village]
    lost = [key for key in held if key[0] == "household"][:count]
    wrong = sorted({bucket_of(digest(held[key])) for key in lost})
    there = [key for bucket in wrong for key in of_bucket(device, bucket)]
    for key in lost:
        del held[key]
    return wrong, there


def test_nothing_is_sent_again_where_all_agrees(lan_member: Device) -> None:
    fill(lan_member)
    page = ask(lan_member)
    assert (page["rows"], page["repaired"]) == ([], [])
    assert "repaired" not in lan_member.send()["streams"][lan_member.village]


def test_only_the_wrong_buckets_are_sent_and_whole(lan_member: Device) -> None:
    fill(lan_member)
    wrong, there = lose(lan_member, 3)
    page = ask(lan_member)
    assert page["repaired"] == wrong
    assert sorted(keys(page["rows"])) == sorted(there)
    assert (page["cursor"], page["more"]) == (lan_member.cursors[lan_member.village], False)


def test_a_row_that_the_server_does_not_have_makes_its_bucket_wrong(lan_member: Device) -> None:
    fill(lan_member)
    strange = {"kind": "household", "subject": an_id(), "seq": 3, "body": {}}
    bucket = bucket_of(digest(strange))
    there = of_bucket(lan_member, bucket)
    lan_member.rows[lan_member.village]["household", strange["subject"]] = strange
    page = ask(lan_member)
    assert (page["repaired"], sorted(keys(page["rows"]))) == ([bucket], sorted(there))


def test_what_is_new_is_not_taken_for_wrong(lan_member: Device, binh_member: Device) -> None:
    fill(lan_member)
    report = lan_member.rows[lan_member.village]["coverage", lan_member.village]
    left = bucket_of(digest(report))
    stayed = of_bucket(lan_member, left)
    new = an_id()
    binh_member.send(binh_member.change("household", new, {"head_name": "Hộ mới"}))
    page = ask(lan_member)
    assert page["repaired"] == [left], "what has a later state left its bucket"
    assert set(keys(page["rows"])) <= {("household", new), ("coverage", lan_member.village), *stayed}


def test_a_row_that_is_new_and_in_a_wrong_bucket_is_sent_once(lan_member: Device, binh_member: Device) -> None:
    fill(lan_member)
    lose(lan_member, 150)
    binh_member.send(*(binh_member.change("household", an_id(), {"head_name": "Hộ mới"}) for _ in range(20)))
    page = ask(lan_member)
    assert (
        len(keys(page["rows"]))
        == len(set(keys(page["rows"])))
        == 170 + sum(1 for kind, _ in keys(page["rows"]) if kind != "household")
    )


def test_whole_buckets_as_many_as_fit_and_the_rest_next_time(lan_member: Device) -> None:
    fill(lan_member)
    wrong, there = lose(lan_member, 60)
    held, rounds, again = lan_member.rows[lan_member.village], 0, 0
    while (page := ask(lan_member, limit=10))["repaired"]:
        assert len(page["rows"]) <= 10
        assert page["repaired"] == wrong[: len(page["repaired"])]
        wrong = wrong[len(page["repaired"]) :]
        rounds, again = rounds + 1, again + len(page["rows"])
        held.update({(row["kind"], row["subject"]): row for row in page["rows"]})
    assert (wrong, again) == ([], len(there))
    assert rounds < 20


@pytest.mark.slow
def test_a_bucket_that_is_larger_than_the_limit_is_sent_all_the_same(lan_member: Device) -> None:
    fill(lan_member)
    wrong, _ = lose(lan_member, 150)
    largest = max(wrong, key=lambda bucket: sum(bucket_of(digest(row)) == bucket for row in everything(lan_member)))
    ours = sums(lan_member)
    theirs = bucket_sums(digest(row) for row in everything(lan_member))
    asked = [ours[at] if at == largest else theirs[at] for at in range(BUCKETS)]
    page = lan_member.send(buckets={lan_member.village: asked}, limit=1)["streams"][lan_member.village]
    assert page["repaired"] == [largest]
    assert len(page["rows"]) > 1


def everything(device: Device) -> list[Json]:
    """All rows of the device's village."""
    rows: list[Json] = device.send(cursors={})["streams"][device.village]["rows"]
    return rows


def test_a_page_with_more_to_come_repairs_nothing_yet(lan_member: Device) -> None:
    fill(lan_member)
    page = ask(lan_member, limit=10, cursors={})
    assert page["more"]
    assert "repaired" not in page


def test_removed_subjects_are_in_no_bucket(minh_lead: Device) -> None:
    for value in (1, 2):
        minh_lead.send(minh_lead.change("attestation", an_id(), {"criterion": "4", "value": value}))
    minh_lead.pull()
    assert ask(minh_lead)["repaired"] == []
    minh_lead.rows[minh_lead.village].clear()
    page = ask(minh_lead)
    assert all(row["body"] is not None for row in page["rows"])
    assert len(page["rows"]) == page["count"]


def test_buckets_of_a_village_that_is_not_mine_are_not_answered(lan_member: Device, tuyet_member: Device) -> None:
    fill(lan_member)
    reply = tuyet_member.send(buckets={lan_member.village: bucket_sums([])})
    assert set(reply["streams"]) == {tuyet_member.village}


@pytest.mark.parametrize("wrong", [["0"] * 255, ["0"] * 257, "0", [1] * 256])
def test_sums_that_are_not_256_texts_are_refused(lan_member: Device, wrong: object) -> None:
    assert lan_member.post(buckets={lan_member.village: wrong}).status_code == 422


def test_a_device_of_another_epoch_starts_over(server: Server, lan_member: Device) -> None:
    fill(lan_member)
    cursors = dict(lan_member.cursors)
    epoch = lan_member.send()["server_epoch"]
    assert lan_member.send(server_epoch=epoch, cursors=cursors)["streams"][lan_member.village]["rows"] == []
    reply = lan_member.send(server_epoch="another", cursors=cursors, buckets={lan_member.village: sums(lan_member)})
    page = reply["streams"][lan_member.village]
    assert (reply["server_epoch"], page["rows"][0]["kind"], len(page["rows"])) == (epoch, "village", page["count"])
    assert "repaired" not in page
