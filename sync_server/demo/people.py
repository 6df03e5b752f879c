"""The made-up people of the demo who sign in: two members and one lead for each village, the commune's official, and
the newcomer whose phone the person trying the demo holds."""

from random import Random

from sync_server.demo.households import make_name
from sync_server.demo.plan import VILLAGES

OFFICIAL = "Đặng Thị Hoa"
NEWCOMER = "Vũ Thị Lan"


def _made_up(role: str) -> dict[str, str]:
    random = Random(role)  # noqa: S311 made-up data, not a secret
    return {village.name: make_name(random, random.choice("mf")) for village in VILLAGES}


MEMBERS = [_made_up("tổ viên"), _made_up("tổ viên thứ hai")]
"""By village, the first and the second member of its team."""
LEADS = _made_up("tổ trưởng")
