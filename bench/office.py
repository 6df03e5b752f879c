"""The office's pages: milliseconds of the server, bytes packed, and memory after many visits.

    python -m bench.office [--villages 60] [--households 200] [--visits 500]

One process, over ASGI, SQLite in a temporary folder; each page is asked for again and again by a signed-in official.
"""

import argparse
import asyncio
import gzip
import resource
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx

from survey.records import Commune
from survey.roles import Role
from sync_server.commune.criteria_sets import load_criteria_set
from sync_server.commune.setup import add_village, invite, open_commune
from sync_server.ids import new_id
from sync_server.main import create_app
from sync_server.publish import Subject, publish
from sync_server.settings import ServerSettings

COMMUNE = Commune(code="09052", name="Nguyệt Đức", kind="xã")


def resident_mb() -> float:
    """The memory that the process holds now."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(one for one in status.read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def measure(villages: int, households: int, visits: int, folder: Path) -> None:
    """Print a line for each page, then the memory."""
    app = create_app(ServerSettings(data=folder))
    now = datetime.now(UTC)
    with app.state.database.write() as session:
        open_commune(session, COMMUNE, load_criteria_set("nguyet-duc-demo"), now)
        made = [add_village(session, COMMUNE.code, f"Thôn {number}", now) for number in range(1, villages + 1)]
        body = {"head_name": "Nguyễn Văn An", "address": "Ngõ Đình", "status": "active"}
        homes = [Subject("household", new_id(now), body) for _ in range(households)]
        publish(session, COMMUNE.code, {made[0].id: homes})
        code = invite(session, COMMUNE.code, Role.OFFICIAL, "Hoa", [], now, public_url="http://server").code
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://server") as http:
        signed_in = await http.post("/office/sign-in", data={"code": code}, headers={"Origin": "http://server"})
        assert signed_in.status_code == 303, signed_in.text
        pages = ["/overview", f"/villages/{made[0].id}", f"/villages/{made[0].id}/doors/1", "/households", "/people"]
        print(f"{'page':<28}{'median ms':>10}{'worst ms':>10}{'bytes':>9}{'packed':>8}")
        for page in pages:
            took = []
            for _ in range(30):
                begun = time.perf_counter()
                answer = await http.get(f"/office{page}", headers={"Accept-Encoding": "identity"})
                took.append((time.perf_counter() - begun) * 1000)
            size, packed = len(answer.content), len(gzip.compress(answer.content, 6))
            name = page.replace(made[0].id, "…")
            print(f"{name:<28}{statistics.median(took):>10.1f}{max(took):>10.1f}{size:>9,}{packed:>8,}")
        before = resident_mb()
        for number in range(visits):
            await http.get(f"/office{pages[number % len(pages)]}")
        print(f"memory: {before:.0f} MB before {visits} visits, {resident_mb():.0f} MB after")
    app.state.database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--villages", type=int, default=60)
    parser.add_argument("--households", type=int, default=200)
    parser.add_argument("--visits", type=int, default=500)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(asked.villages, asked.households, asked.visits, Path(folder)))


if __name__ == "__main__":
    main()
