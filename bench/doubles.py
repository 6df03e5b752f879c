"""How many double entries of a list are found, and how many pairs somebody looks at for that.

    python -m bench.doubles [--seeds 8]

Among the demo's households 60 are written down a second time, as people do: other marks, another spelling of the same
sound, no middle name, initials, a nickname, the wife instead of the husband, a slip; some without phone, alley or
people, some in another village. 80 old parents give their child's number, which makes no double entry of them. `pairs`
is how many are shown, `recall` the share of the 60 among them, `precision` the share of the pairs that are right.
"""

import argparse
import time
from collections import Counter
from dataclasses import dataclass, replace
from random import Random

from survey.doubles import LIKELY, POSSIBLE, ListedHome, Pair, list_pairs
from survey.vietnamese import fold
from sync_server.demo.households import list_commune, make_name

PLANTED = 60
SHARED_PHONES = 80
_KINDS = {
    "as it was": 5, "no marks": 5, "other tone": 8, "other vowel": 6, "i for y": 5, "as it sounds": 6, "no middle": 6,
    "initial in the middle": 4, "only the given name whole": 3, "nickname": 3, "spouse": 7, "a letter lost": 2,
}  # fmt: skip
_TONES = ("áàảãạ", "ắằẳẵặ", "ấầẩẫậ", "éèẻẽẹ", "ếềểễệ", "óòỏõọ", "ốồổỗộ", "ớờởỡợ", "úùủũụ", "ứừửữự", "ýỳỷỹỵ", "íìỉĩị")
_VOWELS = (("iễ", "ễ"), ("ươ", "uơ"), ("iê", "ê"), ("uâ", "â"), ("oa", "a"), ("h", ""))
_LETTERS = (("Quý", "Quí"), ("Lý", "Lí"), ("úy", "úi"), ("ủy", "ủi"), ("uy", "ui"), ("y", "i"))
_SOUNDS = ((" L", " N"), (" N", " L"), (" S", " X"), ("Tr", "Ch"), ("Ch", "Tr"), (" Gi", " D"), (" D", " Gi"))


@dataclass(frozen=True)
class Planted:
    """A list with double entries: which pairs are right, and how each was written."""

    homes: list[ListedHome]
    right: dict[tuple[str, str], str]


def plant(seed: int) -> Planted:
    """The demo's list with families, shared phones and 60 double entries."""
    random = Random(seed)
    homes = [
        ListedHome(f"{at:05}", one.village, one.head_name, one.alley, one.phone, "", _family(random))
        for at, one in enumerate(list_commune())
    ]
    for at in random.sample(range(len(homes)), SHARED_PHONES):
        near = [one for one in homes if one.village == homes[at].village and one.id != homes[at].id and one.phone]
        homes[at] = replace(homes[at], phone=random.choice(near).phone)
    right = {}
    ways = [way for way, count in _KINDS.items() for _ in range(count)]
    for way, home in zip(ways, random.sample(homes, PLANTED), strict=True):
        again = _again(random, way, home, f"{len(homes):05}", [one.village for one in homes])
        homes.append(again)
        right[home.id, again.id] = way
    return Planted(homes, right)


def _family(random: Random) -> tuple[tuple[str, int], ...]:
    """One in ten has not been visited."""
    if random.random() < 0.1:
        return ()
    sex, year = random.choice("mmf"), random.randint(1940, 1996)
    people = [(sex, year)]
    if random.random() < 0.8:
        people.append(("f" if sex == "m" else "m", year + random.randint(-5, 5)))
    people += [(random.choice("mf"), year + random.randint(22, 36)) for _ in range(random.choice((0, 1, 2, 2, 3)))]
    return tuple(one for one in people if one[1] <= 2026)


def _again(random: Random, way: str, home: ListedHome, identity: str, villages: list[str]) -> ListedHome:
    """The household as somebody else writes it down."""
    chance = random.random()
    alley = home.address if chance < 0.55 else fold(home.address) if chance < 0.75 else ""
    if chance >= 0.9:
        alley = random.choice(("Ngõ Đình", "Ngõ Chùa", "Xóm Trong", "Xóm Chợ"))
    chance = random.random()
    phone = home.phone if chance < 0.45 else "" if chance < 0.8 else f"030{random.randrange(10**7):07d}"
    people = [(sex, year + (random.choice((-1, 1)) if random.random() < 0.2 else 0)) for sex, year in home.people]
    if len(people) > 2 and random.random() < 0.2:
        people.pop()
    if random.random() > 0.65:
        people = []
    village = home.village if random.random() < 0.9 else random.choice(villages)
    name = _written(random, way, home.head_name)
    return ListedHome(identity, village, name, alley, phone, "", tuple(people))


def _written(random: Random, way: str, name: str) -> str:
    family, *middle, given = name.split()
    if way == "no marks":
        return fold(name).title()
    if way == "other tone":
        return _other_tone(random, name)
    if way in {"other vowel", "i for y", "as it sounds"}:
        pairs = {"other vowel": _VOWELS, "i for y": _LETTERS, "as it sounds": _SOUNDS}[way]
        return next((name.replace(old, new, 1) for old, new in pairs if old in name), fold(name).title())
    if way == "no middle":
        return f"{family} {given}"
    if way == "initial in the middle":
        return " ".join([family, *(f"{one[0]}." for one in middle), given])
    if way == "only the given name whole":
        return " ".join([*(f"{one[0]}." for one in (family, *middle)), given])
    if way == "nickname":
        return " ".join([family, *middle, random.choice(("Tý", "Cu", "Còi", "Tèo", "Bé"))])
    if way == "spouse":
        return make_name(random, "f")
    at = random.randrange(1, len(name) - 1)
    return name[:at] + name[at + 1 :] if way == "a letter lost" else name


def _other_tone(random: Random, name: str) -> str:
    for tones in _TONES:
        for letter in name:
            if letter in tones:
                return name.replace(letter, random.choice(tones.replace(letter, "")), 1)
    return fold(name).title()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", type=int, default=8)
    seeds = asked.parse_args().seeds
    seconds, missed, planted = 0.0, Counter[str](), Counter[str]()
    found: list[tuple[list[Pair], dict[tuple[str, str], str]]] = []
    for seed in range(seeds):
        made = plant(seed)
        began = time.perf_counter()
        pairs = list_pairs(made.homes)
        seconds += time.perf_counter() - began
        found.append((pairs, made.right))
        shown = {(one.first, one.second) for one in pairs}
        planted.update(made.right.values())
        missed.update(way for pair, way in made.right.items() if pair not in shown)
    print(f"{len(made.homes)} households, {PLANTED} double entries, {seeds} seeds: {seconds / seeds:.2f} s each")
    for least in (POSSIBLE, LIKELY, 10, 12):
        shown_at = [[(one.first, one.second) for one in pairs if one.score >= least] for pairs, _ in found]
        count = sum(map(len, shown_at))
        hits = sum(len(right.keys() & set(shown)) for (_, right), shown in zip(found, shown_at, strict=True))
        recall, precision = hits / (PLANTED * seeds), hits / max(1, count)
        print(f"score >= {least:4}: pairs {count / seeds:6.1f}  recall {recall:4.0%}  precision {precision:4.0%}")
    print("missed:", ", ".join(f"{way} {missed[way]}/{planted[way]}" for way in planted if missed[way]))


if __name__ == "__main__":
    main()
