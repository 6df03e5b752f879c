"""What the demo's commune looks like: eleven villages, and how each came out of its survey.

The commune's totals follow the figures that xã Nguyệt Đức reported: more than 94 % of adults with a smartphone, more
than 89 % with an e-payment account, 90 % of the shops cashless, 8 of 11 villages pass. Only Đinh Xá is the name of a
village there; the others are made up, and so is what any village's survey found.
"""

from dataclasses import dataclass

COMMUNE = "09052"
CRITERIA_SET = "nguyet-duc-demo"
NEWCOMERS_VILLAGE = "Đinh Xá"


@dataclass(frozen=True)
class VillagePlan:
    """One village: how many households it has, how their visits end, and the rates of its answers per thousand.

    The households beyond `visited` are not visited yet.
    """

    name: str
    households: int
    surveyed: int
    smartphone: int
    account: int
    skills: int
    internet: int
    cashless: int
    refused: int = 2
    absent: int = 3
    vacant: int = 2
    has_wifi: bool = True

    @property
    def visited(self) -> int:
        return self.surveyed + self.refused + self.absent + self.vacant


VILLAGES = (
    # The newcomer's village: it passes, and there are doors left to knock on.
    VillagePlan(NEWCOMERS_VILLAGE, 214, 182, 946, 902, 784, 905, 905, refused=3, absent=4),
    VillagePlan("Xuân Mới", 176, 166, 951, 914, 812, 931, 920),
    # Fails: the share of people with an e-payment account is too low.
    VillagePlan("Đông Nguyệt", 203, 188, 921, 764, 731, 842, 850),
    VillagePlan("Tây Nguyệt", 168, 160, 944, 908, 768, 897, 880),
    VillagePlan("Đức Thịnh", 231, 217, 938, 897, 751, 884, 870, refused=4),
    # Fails: the village house has no wifi yet.
    VillagePlan("Yên Phú", 154, 147, 957, 921, 835, 946, 880, has_wifi=False),
    VillagePlan("Phúc Lộc", 189, 178, 942, 911, 779, 912, 880),
    VillagePlan("Hòa Bình", 142, 135, 949, 906, 802, 923, 870),
    # Fails: too few households were surveyed to say anything.
    VillagePlan("Quang Trung", 247, 171, 952, 918, 808, 938, 880, absent=9),
    VillagePlan("Đồng Tâm", 160, 151, 941, 904, 774, 901, 870),
    VillagePlan("Tân Tiến", 127, 121, 939, 909, 792, 918, 870, vacant=1),
)
