"""Counting and reporting of a large commune, and the table of a province: seconds, bytes and memory.

    python -m bench.coverage [--villages 60] [--households 10000] [--people 4] [--communes 100]

One process, over ASGI, SQLite in a temporary folder. The households are laid into the tables as phones' visits leave
them; the visits that are timed come over the wire. A province is so many communes of 30 villages with stored reports.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from bench.office import COMMUNE, resident_mb
from survey.periods import PeriodKind
from survey.records import Village
from survey.reports import Letterhead, Wording
from survey.roles import Role
from sync_server.commune.criteria_sets import load_criteria_set
from sync_server.commune.places import communes_of
from sync_server.commune.province import invite_viewer
from sync_server.commune.setup import add_village, invite, open_commune
from sync_server.coverage import refresh_coverage
from sync_server.ids import new_id
from sync_server.main import create_app
from sync_server.publish import Subject, publish
from sync_server.reports.plan import open_period, write_draft
from sync_server.settings import ServerSettings
from sync_server.store.database import Session
from sync_server.store.households import KeptHousehold, save_households
from sync_server.store.responses import Visit, add_responses

PROVINCE, VILLAGES_A_COMMUNE = "37", 30
ORIGIN = {"Origin": "http://server"}


def a_home(village: Village, number: int, people: int, now: datetime) -> KeptHousehold:
    """A household as it stands after one visit; one of ten was not met."""
    body: dict[str, Any] = {"head_name": "Nguyễn Văn An", "address": "Ngõ Đình", "status": "active"}
    if number % 10:
        answers = {"has_fixed_internet": "yes", "has_digital_address": "yes", "runs_business": "no"}
        adult = {"has_smartphone": "yes" if number % 15 else "no", "has_payment_account": "yes"}
        residents = [
            {
                "id": new_id(now),
                "relation": "other",
                "birth_year": 1950 + (number * 7 + place * 13) % 60,
                "sex": "mf"[place % 2],
                "answers": adult | {"uses_online_services": "yes" if place else "no"},
            }
            for place in range(people)
        ]
        visit = {"id": new_id(now), "outcome": "completed", "answers": answers, "residents": residents}
        body |= {"current": visit, "visited_by": "Vũ Thị Lan", "visited_at": (now - timedelta(days=30)).isoformat()}
    return KeptHousehold(new_id(now), village.id, body)


def visit_of(home: KeptHousehold, now: datetime) -> Visit:
    """The visit after which a household stands as it does."""
    at = home.body["visited_at"]
    body = home.body["current"] | {"household": home.id, "round": "r", "started_at": at, "ended_at": at}
    return Visit(body["id"], home.village, home.id, new_id(now), new_id(now), now, body, None)


def lay_out(session: Session, commune: str, village: Village, count: int, people: int, now: datetime) -> list[str]:
    homes = [a_home(village, number, people, now) for number in range(count)]
    save_households(session, commune, homes)
    add_responses(session, commune, [visit_of(home, now) for home in homes if "current" in home.body])
    publish(session, commune, {village.id: [Subject("household", home.id, home.body) for home in homes]})
    return [home.id for home in homes]


async def timed(name: str, act: Callable[[], Awaitable[httpx.Response]], times: int = 5) -> httpx.Response:
    """The quickest and the slowest of several, the answer's size, and the memory afterwards."""
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        answer = await act()
        took.append(time.perf_counter() - begun)
        assert answer.status_code in {200, 303}, answer.text
    size = len(answer.content)
    print(f"{name:<46}{min(took):>9.3f}{max(took):>9.3f}{size:>11,}{resident_mb():>8.0f}", flush=True)
    return answer


async def of_a_commune(app: FastAPI, villages: int, households: int, people: int) -> None:
    now = datetime.now(UTC)
    database = app.state.database
    begun = time.perf_counter()
    with database.write() as session:
        open_commune(session, COMMUNE, load_criteria_set("nguyet-duc-demo"), now)
        made = [add_village(session, COMMUNE.code, f"Thôn {number}", now) for number in range(1, villages + 1)]
        homes = [lay_out(session, COMMUNE.code, one, households // villages, people, now) for one in made]
        codes = [
            invite(session, COMMUNE.code, role, "Hoa", names, now, public_url="http://server").code
            for role, names in ((Role.OFFICIAL, []), (Role.MEMBER, [made[0].name]), (Role.OFFICIAL, []))
        ]
    print(f"laid out in {time.perf_counter() - begun:.1f} s, {resident_mb():.0f} MB")
    begun = time.perf_counter()
    with database.write() as session:
        refresh_coverage(session, COMMUNE.code, [one.id for one in made], now)
    print(f"every village counted in {time.perf_counter() - begun:.3f} s")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://server", timeout=300) as http:
        phone = Phone(http, (await http.post("/api/v1/enrollments", json={"code": codes[1]})).json(), homes[0])
        print(f"{'':<46}{'best s':>9}{'worst s':>9}{'bytes':>11}{'MB':>8}")
        await timed("one visit: judged, its village counted again", lambda: phone.send(1))
        await timed("200 visits in one request", lambda: phone.send(200), 3)
        signed = await http.post("/office/sign-in", data={"code": codes[0]}, headers=ORIGIN)
        assert signed.status_code == 303
        await timed("the table", lambda: http.get("/office/overview"))
        await timed("a village", lambda: http.get(f"/office/villages/{made[0].id}"))
        await timed("its doors for one criterion", lambda: http.get(f"/office/villages/{made[0].id}/doors/1"))
        for ending in ("xlsx", "pdf", "docx", "csv"):
            await timed(f"the table as .{ending}", lambda at=ending: http.get(f"/office/overview/table.{at}"), 2)  # type: ignore[misc]
        with database.write() as session:
            days = (now - timedelta(days=60)).date(), (now - timedelta(days=1)).date()
            period = open_period(session, COMMUNE.code, PeriodKind.QUARTER, "quý này", *days, now)
            write_draft(session, COMMUNE.code, period.id, Letterhead(signer="Nguyễn Thị Hạnh"), Wording())
        page = f"/office/reports/periods/{period.id}"
        await timed("a period before it is signed", lambda: http.get(page), 2)
        with database.write() as session:
            days = (now - timedelta(days=90)).date(), (now - timedelta(days=61)).date()
            earlier = open_period(session, COMMUNE.code, PeriodKind.MONTH, "tháng trước nữa", *days, now)
        await timed(
            "… whose cut-off is before every visit", lambda: http.get(f"/office/reports/periods/{earlier.id}"), 2
        )
        form = {"change": new_id(now), "seen": "0", "seen_open": "1"}
        await timed("signing, with all its files", lambda: http.post(f"{page}/sign", data=form, headers=ORIGIN), 1)
        await timed("the signed report, and what differs", lambda: http.get(f"/office/reports/{form['change']}"), 2)


class Phone:
    """A member's phone that sends visits over the wire."""

    def __init__(self, http: httpx.AsyncClient, enrolled: dict[str, Any], homes: list[str]) -> None:
        self.http, self.homes, self.number = http, homes, 0
        self.village = enrolled["villages"][0]["id"]
        self.headers = {"Authorization": f"Bearer {enrolled['token']}"}

    async def send(self, count: int) -> httpx.Response:
        now = datetime.now(UTC)
        changes = [self._visit(now) for _ in range(count)]
        body = {"protocol": 1, "device_time": now.isoformat(), "cursors": {self.village: 10**9}, "changes": changes}
        answer = await self.http.post("/api/v1/sync", json=body | {"limit": 1}, headers=self.headers)
        assert {one["verdict"] for one in answer.json()["verdicts"]} <= {"applied", "merged", "difference"}
        return answer

    def _visit(self, now: datetime) -> dict[str, Any]:
        self.number += 1
        at = now.isoformat()
        adult = {"has_smartphone": "yes", "has_payment_account": "no", "uses_online_services": "unknown"}
        resident = {"id": new_id(now), "relation": "head", "birth_year": 1980, "sex": "f", "answers": adult}
        body = {
            "household": self.homes[self.number % len(self.homes)],
            "round": new_id(now),
            "based_on": None,
            "outcome": "completed",
            "consent": {"given": True, "wording": "2026-11", "method": "spoken", "at": at},
            "started_at": at,
            "ended_at": at,
            "answers": {"has_fixed_internet": "yes", "has_digital_address": "yes", "runs_business": "no"},
            "residents": [resident],
        }
        about = {"id": new_id(now), "device_seq": self.number, "kind": "response", "subject": new_id(now)}
        return about | {"village": self.village, "captured_at": at, "seen": 0, "schema": 1, "body": body}


async def of_a_province(app: FastAPI, communes: int) -> None:
    """A province reads what is stored of its communes: no household is counted again."""
    now = datetime.now(UTC)
    database = app.state.database
    begun = time.perf_counter()
    for commune in communes_of(PROVINCE)[:communes]:
        with database.write() as session:
            open_commune(session, commune, load_criteria_set("nguyet-duc-demo"), now)
            made = [add_village(session, commune.code, f"Thôn {number}", now) for number in range(VILLAGES_A_COMMUNE)]
            for village in made:
                lay_out(session, commune.code, village, 2, 2, now)
            refresh_coverage(session, commune.code, [one.id for one in made], now)
    with database.write() as session:
        code = invite_viewer(session, PROVINCE, "Thu", now, public_url="http://server").code
    print(f"{communes} communes with {communes * VILLAGES_A_COMMUNE:,} villages in {time.perf_counter() - begun:.1f} s")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://server", timeout=300) as http:
        assert (await http.post("/office/sign-in", data={"code": code}, headers=ORIGIN)).status_code == 303
        await timed(
            f"the province, {communes * VILLAGES_A_COMMUNE:,} villages", lambda: http.get("/office/province"), 3
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--villages", type=int, default=60)
    parser.add_argument("--households", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--communes", type=int, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(ServerSettings(data=Path(folder)))
        asyncio.run(of_a_commune(app, asked.villages, asked.households, asked.people))
        asyncio.run(of_a_province(app, asked.communes))
        app.state.database.close()


if __name__ == "__main__":
    main()
