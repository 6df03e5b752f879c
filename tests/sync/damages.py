"""What may become of a true reply on its way: cut, shuffled, of an older or a newer server, or wrong in one place.

A damage changes the reply in place with its own dice. It never makes up what would be an order of the server to give
work up: a device that is revoked or lost, a proof that a household was erased.
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any

Reply = dict[str, Any]
Damage = Callable[[Random, Reply], None]
ODD: list[Any] = [
    None, True, -1, 0, 3, 2**53, 2**63, 10**30, 1.5, "", "x", "\x00", "Đinh Xá", "a b c", "²", "9" * 5000,
    [], [1, None], {}, {"id": 5}, [["deep"]],
    {"outcome": "dancing", "residents": 7}, {"outcome": "completed", "residents": [{"id": 1}]},
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-13-40", "01935000-0000-7000-8000-000000000001",
]  # fmt: skip
OPTIONAL = ("token", "rescue_key", "device_state", "moved_to", "protocol")
UNKNOWN_KINDS = ("from_tomorrow", "", "x" * 300, "Household", "village ")


def _pages(reply: Reply) -> list[Reply]:
    return [page for _, page in sorted(reply["streams"].items())]


def _rows(reply: Reply) -> list[Reply]:
    return [row for page in _pages(reply) for row in page["rows"]]


def shuffle(dice: Random, reply: Reply) -> None:
    """A page's rows in another order."""
    for page in _pages(reply):
        dice.shuffle(page["rows"])


def double(dice: Random, reply: Reply) -> None:
    """Some rows and verdicts twice."""
    for some in [reply["verdicts"], *(page["rows"] for page in _pages(reply))]:
        some.extend(json.loads(json.dumps(dice.sample(some, dice.randint(0, len(some))))))


def drop_rows(dice: Random, reply: Reply) -> None:
    """Some rows and verdicts are missing."""
    for some in [reply["verdicts"], *(page["rows"] for page in _pages(reply))]:
        some[:] = [one for one in some if dice.random() < 0.7]


def add_unknown(dice: Random, reply: Reply) -> None:
    """A row of a kind that nobody knows, with any body."""
    body = dice.choice([None, {}, {"anything": dice.choice(ODD)}, {"deep": {"er": [[[]]]}}, {"id": None, "name": 5}])
    kind = dice.choice(UNKNOWN_KINDS)
    row = {"seq": dice.choice([0, 1, 5, 99]), "kind": kind, "subject": dice.choice(["", "x", "ộ" * 90]), "body": body}
    dice.choice(_pages(reply))["rows"].insert(0, row)


def odd_body(dice: Random, reply: Reply) -> None:
    """One field of a row's body is missing, unknown, or of another type; also inside of what it shows."""
    found = [row["body"] for row in _rows(reply) if row["body"] and row["kind"] != "erasure"]
    if not found:
        return
    body = dice.choice(found)
    inner = [one for one in body.values() if isinstance(one, dict) and one]
    body = dice.choice(inner) if inner and dice.random() < 0.5 else body
    field = dice.choice([*sorted(body), "current", "head_name", "tomorrow"])
    if dice.random() < 0.3:
        body.pop(field, None)
    else:
        body[field] = dice.choice(ODD)


def odd_body_whole(dice: Random, reply: Reply) -> None:
    """The whole body of a row is another one."""
    if found := [row for row in _rows(reply) if row["kind"] != "erasure"]:
        dice.choice(found)["body"] = dice.choice(ODD)


def odd_field(dice: Random, reply: Reply) -> None:
    """A field of the reply, a page, a row or a verdict is missing or of another type."""
    places = [reply, *_pages(reply), *_rows(reply)[:5], *reply["verdicts"]]
    place = dice.choice(places)
    field = dice.choice(sorted(place))
    if field in {"device_state", "kind"}:
        return
    if dice.random() < 0.3:
        del place[field]
    else:
        place[field] = dice.choice(ODD)


def odd_verdict(dice: Random, reply: Reply) -> None:
    """Verdicts for ids that the phone never sent, verdicts that it does not know, and none at all."""
    verdict = {"id": dice.choice(["", "x", "01935000-0000-7000-8000-0000000000ff"]), "verdict": "applied"}
    verdict |= dice.choice([{}, {"verdict": "postponed"}, {"first": "sleeping"}, {"seq": 10**30}, {"problem": {}}])
    reply["verdicts"].insert(0, verdict)


def odd_cursor(dice: Random, reply: Reply) -> None:
    """A cursor that goes backwards, or far ahead."""
    page = dice.choice(_pages(reply))
    page["cursor"] = dice.choice(
        [0, 1, page["cursor"] - 1, page["cursor"] + 1, page["cursor"] + 500, -7, 2**63, 10**30]
    )


def lie_of_more(dice: Random, reply: Reply) -> None:
    """`more` says the contrary; the count and the check are of something else."""
    page = dice.choice(_pages(reply))
    page["more"] = not page["more"]
    if dice.random() < 0.5:
        page |= dice.choice([{"count": page["count"] + 1}, {"check": dice.choice(["", "a b", "f" * 12])}])


def lie_of_repair(dice: Random, reply: Reply) -> None:
    """Buckets are called repaired that are not there, or not whole."""
    buckets = dice.choice([[255], list(range(256)), [-1, 999], [0, 0], [2**70]])
    dice.choice(_pages(reply))["repaired"] = buckets


def other_scope(dice: Random, reply: Reply) -> None:
    """Villages that are not there, or none; pages of villages that nobody named."""
    there = reply["villages_in_scope"]
    reply["villages_in_scope"] = dice.choice([
        [], there[:1], [*there, "x"], [*there, *there], [*there, "01935000-0000-7000-8000-0000000000fe"],
    ])  # fmt: skip
    if dice.random() < 0.5:
        reply["streams"][dice.choice(["", "x", "01935000-0000-7000-8000-0000000000fd"])] = dict(_pages(reply)[0])


def other_epoch(dice: Random, reply: Reply) -> None:
    """As after a restore, at any time of the server's clock."""
    reply["server_epoch"] = dice.choice(["", "another", "Đ", "x" * 300])
    reply["server_time"] = dice.choice([reply["server_time"], "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])


def other_token(dice: Random, reply: Reply) -> None:
    """A credential that is none."""
    reply["token"] = dice.choice(["", "x", "09052.Đinh Xá", "a\nb", " ", "x" * 5000])


def as_older(dice: Random, reply: Reply) -> None:
    """Without the fields that came later."""
    for field in OPTIONAL:
        reply.pop(field, None)
    for page in _pages(reply):
        page.pop("repaired", None)
    for verdict in reply["verdicts"]:
        for field in dice.sample(["seq", "first", "problem"], 2):
            verdict.pop(field, None)


def as_newer(dice: Random, reply: Reply) -> None:
    """With fields everywhere that this version does not know."""
    for place in [reply, *_pages(reply), *_rows(reply), *reply["verdicts"]]:
        place["from_tomorrow"] = dice.choice(ODD)


DAMAGES: list[Damage] = [
    shuffle, double, drop_rows, add_unknown, odd_body, odd_body, odd_body_whole, odd_field, odd_field, odd_verdict,
    odd_cursor, lie_of_more, lie_of_repair, other_scope, other_epoch, other_token, as_older, as_newer,
]  # fmt: skip


def damaged(dice: Random, reply: bytes, some: list[Damage], *, cut: bool) -> bytes:
    """The reply after all these damages; what one of them made unrecognisable is left to itself."""
    told = json.loads(reply)
    for one in some:
        try:
            one(dice, told)
        except (TypeError, KeyError, AttributeError, IndexError, ValueError):
            continue
    body = json.dumps(told, ensure_ascii=False).encode()
    return body[: dice.randrange(len(body))] if cut else body
