"""No cursor ever skips a row: a writer that commits late, others that are quick, and readers who read on and on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from sqlalchemy import event

from survey.roles import Role
from tests.builders import an_id
from tests.sync_server.wire_client import Device, Json, Server

PATIENCE = 30.0
A_MOMENT = 0.4  # for those who must wait: long enough to get past, if nothing held them back


class SlowCommit:
    """Holds back the next commit of a write until `go` is called."""

    def __init__(self, server: Server) -> None:
        self._armed, self.reached, self._go = False, Event(), Event()
        event.listen(server.database._engine, "commit", self._commit)

    def hold_the_next(self) -> None:
        self._armed = True

    def go(self) -> None:
        self._go.set()

    def _commit(self, connection: object) -> None:
        if self._armed:
            self._armed = False
            self.reached.set()
            assert self._go.wait(PATIENCE)


Line = Callable[[Device], Device]


@pytest.fixture
def own_line(server: Server) -> Iterator[Line]:
    """The same device for a thread of its own: with an event loop of its own to the same server."""
    lines: list[Server] = []

    def open_line(device: Device) -> Device:
        lines.append(Server(server.app, server.clock))
        return Device(lines[-1], device.enrolled, device_seq=1000)

    yield open_line
    for line in lines:
        line.close()


@contextmanager
def at_once(*jobs: Callable[[], None]) -> Iterator[list[Thread]]:
    """Run jobs side by side; what fails in one fails the test."""
    failures: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    yield threads
    for thread in threads:
        thread.join(PATIENCE)
    assert failures == []
    assert not any(thread.is_alive() for thread in threads)


def households(device: Device, count: int) -> list[Json]:
    return [device.change("household", an_id(), {"head_name": f"Hộ {at}"}) for at in range(count)]


@pytest.fixture
def writers(server: Server, own_line: Line) -> list[Device]:
    return [own_line(server.enroll(Role.MEMBER, f"Tổ viên {at}", "Đinh Xá")) for at in range(4)]


@pytest.mark.slow
def test_a_late_commit_is_not_skipped_by_who_reads_meanwhile(
    server: Server, lan_member: Device, writers: list[Device]
) -> None:
    slow, *quick = writers
    lan_member.pull()
    commits = SlowCommit(server)
    commits.hold_the_next()

    def write_slowly() -> None:
        slow.send(*households(slow, 20))

    def write_quickly(device: Device) -> Callable[[], None]:
        def write() -> None:
            for _ in range(5):
                device.send(*households(device, 4))

        return write

    with at_once(write_slowly):
        assert commits.reached.wait(PATIENCE)
        with at_once(*map(write_quickly, quick)) as threads:
            for thread in threads:
                thread.join(A_MOMENT)
                lan_member.pull()  # a reader never waits, and its count and check are those of what it holds
            commits.go()
    lan_member.pull()
    assert_nothing_was_skipped(server, lan_member, 20 + 3 * 5 * 4)


@pytest.mark.slow
def test_readers_who_read_on_and_on_while_many_write_miss_nothing(
    server: Server, lan_member: Device, binh_member: Device, writers: list[Device], own_line: Line
) -> None:
    stop = Event()

    def read(device: Device, limit: int) -> Callable[[], None]:
        def on_and_on() -> None:
            while not stop.is_set():
                device.pull(limit=limit)
            device.pull(limit=limit)

        return on_and_on

    def write(device: Device) -> Callable[[], None]:
        def many() -> None:
            for _ in range(8):
                device.send(*households(device, 3))

        return many

    readers = [own_line(lan_member), own_line(binh_member)]
    with at_once(read(readers[0], 500), read(readers[1], 7)):
        try:
            with at_once(*map(write, writers)):
                pass
        finally:
            stop.set()
    for reader in readers:
        assert_nothing_was_skipped(server, reader, 4 * 8 * 3)


def assert_nothing_was_skipped(server: Server, reader: Device, expected: int) -> None:
    fresh = server.enroll(Role.LEAD, "Người đến sau", "Đinh Xá")
    reader.pull()
    fresh.pull()
    village = reader.village
    assert reader.rows[village] == fresh.rows[village]
    assert sum(kind == "household" for kind, _ in reader.rows[village]) == expected
    seqs = [row["seq"] for row in fresh.rows[village].values()]
    assert len(set(seqs)) == len(seqs)


@pytest.mark.parametrize("epoch", ["0", "00000000-0000-7000-8000-000000000000", "ffffffff-ffff-7fff-bfff-ffffffffffff"])
def test_a_device_of_any_other_epoch_reads_everything_again(lan_member: Device, household: str, epoch: str) -> None:
    """One that sorts before the server's, or after it; of the same one, or of none, it goes on where it was."""
    lan_member.pull()
    own = lan_member.send()["server_epoch"]
    for said, is_whole in ((own, False), ("", False), (None, False), (epoch, True)):
        page = lan_member.send(server_epoch=said)["streams"][lan_member.village]
        assert (len(page["rows"]) == page["count"]) is is_whole, said
        assert page["more"] is False
