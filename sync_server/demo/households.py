"""The demo's household list: who lives behind which door, made up from a fixed seed, always the same."""

from dataclasses import dataclass
from random import Random

from sync_server.demo.plan import VILLAGES, VillagePlan

_FAMILY = (
    ("Nguyễn",) * 9
    + ("Trần",) * 4
    + ("Lê",) * 3
    + ("Phạm",) * 3
    + ("Hoàng", "Bùi", "Đỗ", "Đặng", "Vũ", "Dương", "Đinh")
)
_MIDDLE = {"m": ("Văn",) * 6 + ("Đức", "Quang", "Xuân", "Đình", "Hữu"), "f": ("Thị",) * 8 + ("Thu", "Ngọc", "Minh")}
_GIVEN = {
    "m": ("An", "Bình", "Cường", "Dũng", "Đạt", "Đức", "Hải", "Hùng", "Khánh", "Long", "Mạnh", "Nam", "Phúc", "Quân",
          "Sơn", "Thắng", "Thủy", "Toàn", "Trường", "Tuấn", "Ước", "Việt", "Vượng"),
    "f": ("Ánh", "Bích", "Chinh", "Dung", "Đào", "Hà", "Hằng", "Hòa", "Huệ", "Hương", "Lan", "Liên", "Mai", "Nga",
          "Nguyệt", "Phượng", "Quyên", "Thảo", "Thúy", "Tuyết", "Vân", "Yến"),
}  # fmt: skip
_ALLEYS = ("Ngõ Đình", "Ngõ Chùa", "Ngõ Giếng", "Xóm Trong", "Xóm Ngoài", "Xóm Bãi", "Xóm Chợ", "Đường trục thôn")
# Prefixes that no operator holds, so that nobody who tries the demo calls a stranger.
_UNUSED_PREFIXES = ("030", "031", "050", "051", "057", "071", "073")


@dataclass(frozen=True)
class ListedHousehold:
    """One line of the list: `number` counts within the village, `phone` is local digits or empty."""

    village: str
    number: int
    head_name: str
    alley: str
    phone: str


def make_name(random: Random, sex: str) -> str:
    """A made-up full name."""
    return " ".join((random.choice(_FAMILY), random.choice(_MIDDLE[sex]), random.choice(_GIVEN[sex])))


def list_households(plan: VillagePlan) -> list[ListedHousehold]:
    """The village's list, alley by alley; two doors of one alley never carry the same name."""
    random = Random(f"danh sách {plan.name}")  # noqa: S311 made-up data, not a secret
    taken: set[tuple[str, str]] = set()
    lines = []
    for number in range(1, plan.households + 1):
        alley = _ALLEYS[(number - 1) * len(_ALLEYS) // plan.households]
        head = make_name(random, "m" if random.random() < 0.74 else "f")
        while (alley, head) in taken:
            head = make_name(random, "m" if random.random() < 0.74 else "f")
        taken.add((alley, head))
        phone = f"{random.choice(_UNUSED_PREFIXES)}{random.randrange(10**7):07d}" if random.random() < 0.71 else ""
        lines.append(ListedHousehold(plan.name, number, head, alley, phone))
    return lines


def list_commune() -> list[ListedHousehold]:
    """All villages' lists, one after the other."""
    return [line for plan in VILLAGES for line in list_households(plan)]
