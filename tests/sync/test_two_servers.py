"""The app's own phones, whose requests reach now one and now the other of two servers on one database."""

from itertools import cycle
from pathlib import Path

import httpx
import pytest

from survey.roles import Role
from sync_server.main import create_app
from tests.sync.rig import Rig, Way

pytestmark = pytest.mark.anyio


async def test_phones_whose_every_request_goes_elsewhere_see_the_same(rig: Rig, tmp_path: Path) -> None:
    other = create_app(rig.server.state.settings, rig.clock)
    ways = cycle([httpx.ASGITransport(rig.server), httpx.ASGITransport(other)])

    def by_turns() -> Way:
        return lambda request, _straight: next(ways).handle_async_request(request)

    home = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    binh = await rig.phone(Role.MEMBER, "Trần Văn Bình", "Đinh Xá")
    lan.link.way = binh.link.way = by_turns()
    for phones in ("yes", "no", "yes"):
        for visitor, reader in ((lan, binh), (binh, lan)):
            visitor.visit(home, phones=phones)
            await visitor.sync()
            await reader.sync()
            assert visitor.outbox().waiting == 0
            assert visitor.listed(home) == reader.listed(home)
            assert visitor.reports() == reader.reports()
    assert lan.reports()["Đinh Xá"].surveyed == 1
    other.state.database.close()
