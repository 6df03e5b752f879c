"""Makes each state of "Cần xem" and of back-checks on a running site, over the wire and by the server's functions."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import httpx

from survey.back_checks import Again
from survey.roles import Role
from sync_server.access.caller import Caller, recognise
from sync_server.demo.households import make_name
from sync_server.review import asking_again
from sync_server.review.drawing import close_draw, draw_visits
from sync_server.review.noticing import list_standing, notice
from sync_server.store.back_checks import BackCheck, find_back_check
from sync_server.store.database import Database, Session
from sync_server.store.villages import list_villages
from tests.browser.site import Site
from tests.builders import an_id
from tests.clock import Clock
from tests.sync_server.office.test_review import act, quick_visits, survey_round
from tests.sync_server.sync.test_rescue import hand_in, sealed
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server, a_person

HERE, THERE = "Đinh Xá", "Xuân Mới"
PEOPLE = (("m", 1961), ("f", 1964), ("m", 1990))


class SiteServer(Server):
    """A site that runs as a process of its own, spoken to as the server's tests do, its database open beside it."""

    def __init__(self, site: Site) -> None:
        self.clock = Clock(datetime.now(UTC))
        self._opened = Database(f"sqlite:///{site.data}/server.db")
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{site.port}", timeout=60)
        with self._opened.read() as session:
            self.villages = {one.name: one for one in list_villages(session, COMMUNE)}

    @property
    def database(self) -> Database:
        return self._opened

    def request(self, method: str, path: str, **more: object) -> httpx.Response:
        return self._client.request(method, path, **more)  # type: ignore[arg-type]

    def close(self) -> None:
        self._client.close()
        self._opened.close()


@dataclass
class Evening:
    """A member, the six families that they visited in six minutes of an evening, and the doubt about it."""

    member: Device
    homes: list[str]
    doubt: str


@dataclass
class ReviewStates:
    """What stands on a site. Each method brings one thing into the state of its name, and says its id."""

    server: SiteServer
    evening: datetime = field(init=False)
    an_hour_ago: datetime = field(init=False)
    lead: Device = field(init=False)
    official: Device = field(init=False)

    def __post_init__(self) -> None:
        self.evening = (self.server.clock() - timedelta(days=2)).replace(hour=12, minute=3, second=0, microsecond=0)
        self.an_hour_ago = self.server.clock() - timedelta(hours=1)
        self.lead = self.server.enroll(Role.LEAD, "Hoàng Văn Minh", HERE)
        self.official = self.server.enroll(Role.OFFICIAL, "Phạm Thị Thu")

    def quick(self, *names: str) -> list[Evening]:
        """A new doubt for each of these members, about visits of one evening."""
        made = []
        for name in names:
            member, homes = self.server.enroll(Role.MEMBER, name, HERE), [an_id() for _ in range(6)]
            random = Random(name)
            heads = [make_name(random, sex) for sex in "mfmmfm"]
            known = [
                member.change("household", home, {"head_name": head}) for home, head in zip(homes, heads, strict=True)
            ]
            self._send(member, *known, *quick_visits(member, homes, self.evening))
            made.append(Evening(member, homes, ""))
        notice(self.server.database, COMMUNE, self.server.clock())
        with self.server.database.read() as session:
            found = {one.doubt.member: one.id for one in list_standing(session, COMMUNE) if one.doubt.check == "pace"}
        for one in made:
            one.doubt = found[one.member.enrolled["member"]["id"]]
        return made

    def explained(self, one: Evening) -> str:
        return self._act(one.member, one.doubt, "explain", reason="from_paper", note="Ghi ở sổ tay, tối chép vào máy")

    def looking(self, one: Evening) -> str:
        return self._act(self.official, one.doubt, "look")

    def asked(self, one: Evening) -> str:
        """Two families are asked again, one has been visited since."""
        self._act(self.lead, one.doubt, "ask", households=one.homes[:2], keys=["has_smartphone"], note="Hỏi giúp cụ bà")
        later = self.an_hour_ago + timedelta(minutes=20)
        times = {"started_at": later.isoformat(), "ended_at": (later + timedelta(minutes=4)).isoformat()}
        shown = self._last(one.member, one.homes[0])
        body = {"round": survey_round(one.member), "based_on": shown, "residents": [a_person(birth_year=1940)]}
        self._send(one.member, one.member.visit(one.homes[0], **times, **body))
        return one.doubt

    def waiting(self, one: Evening) -> str:
        """Three families are asked again by somebody else, or more where the lot drew one of them, of whom one was."""
        self._act(self.lead, one.doubt, "wait")
        draw_visits(self.server.database, COMMUNE, self.server.clock())
        with self.server.database.read() as session:
            [found] = [each.doubt for each in list_standing(session, COMMUNE) if each.id == one.doubt]
            drawn = [each for visit in found.visits if (each := find_back_check(session, COMMUNE, visit))]
        self.answer(drawn[0])
        return one.doubt

    def asked_again(self, one: Evening) -> list[str]:
        """Families that this member visited were drawn and asked again: all but one say the same."""
        with self.server.database.write() as session:
            close_draw(session, self._caller(session), self.server.clock())  # tops up to the least number
            mine = [each for each in asking_again.list_waiting(session, COMMUNE) if each.household in one.homes]
        return [self.answer(each, came="yes" if place else "no") for place, each in enumerate(mine)]

    def settled(self, one: Evening) -> str:
        return self._act(self.official, one.doubt, "settle", outcome="kept", reason="asked_same")

    def gone(self, one: Evening) -> str:
        """The families were visited again, at leisure."""
        later = [self.evening + timedelta(minutes=40 + 9 * number) for number in range(4)]
        for home, at in zip(one.homes[:4], later, strict=True):
            shown = self._last(one.member, home)
            self._send(one.member, *quick_visits(one.member, [home], at, based_on=shown))
        notice(self.server.database, COMMUNE, self.server.clock())
        return one.doubt

    def pair(self) -> str:
        """Two households that may be one, each visited."""
        first, second = an_id(), an_id()
        member = self.server.enroll(Role.MEMBER, "Ngô Thị Hạnh", HERE)
        at = (self.server.clock() - timedelta(days=5)).replace(hour=11, minute=10)
        facts = ({"head_name": "Nguyễn Văn Khiêm", "address": "Số 3, Ngõ Đình"},
                 {"head_name": "Nguyển Văn Khiêm", "phone": "0312345678"})  # fmt: skip
        for number, (home, body) in enumerate(zip((first, second), facts, strict=True)):
            start = at + timedelta(minutes=20 * number)
            times = {"started_at": start.isoformat(), "ended_at": (start + timedelta(minutes=6)).isoformat()}
            people = [a_person(sex=sex, birth_year=year, relation="other") for sex, year in PEOPLE]
            known = member.change("household", home, body)
            self._send(member, known, member.visit(home, round=survey_round(member), residents=people, **times))
        return self._noticed("pair", {first, second})

    def held(self) -> str:
        """Somebody of another village registered a household here."""
        stranger = self.server.enroll(Role.MEMBER, "Lê Thị Tuyết", THERE)
        here = self.server.villages[HERE].id
        stranger.send(stranger.change("household", an_id(), {"head_name": "Phạm Văn Một"}, village=here))
        return self._noticed("held")

    def aside(self) -> str:
        """A rescue file with a credential that is none."""
        member = self.server.enroll(Role.MEMBER, "Trịnh Văn Nam", HERE)
        home = member.change("household", an_id(), {"head_name": "Lê Thị Bé", "address": "Xóm Bãi"})
        visit = member.visit(home["subject"], round=survey_round(member), note="Nhà có hai cụ")
        hand_in(self.server, self.lead, sealed(member, home, visit, token="a token of before"))
        return self._noticed("aside")

    def waiting_checks(self) -> list[BackCheck]:
        """What the draw of the demo has left to ask, each about an adult."""
        with self.server.database.read() as session:
            return [one for one in asking_again.list_waiting(session, COMMUNE) if one.asks.measures]

    def answer(self, one: BackCheck, came: str = "yes", said: str = "yes", adults: int | None = 1) -> str:
        """The family is asked by the official."""
        answers = {each.question: said for each in one.asks.measures}
        again = Again.model_validate({"came": came, "adults": adults, "answers": answers, "note": "gặp người con"})
        with self.server.database.write() as session:
            asking_again.answer(session, self._caller(session), one.id, again, self.server.clock())
        return one.id

    def leave_out(self, one: BackCheck, why: str = "Cả nhà đi làm ở tỉnh khác, hẹn Tết mới về") -> str:
        with self.server.database.write() as session:
            asking_again.leave_out(session, self._caller(session), one.id, why, self.server.clock())
        return one.id

    def close_draw(self) -> None:
        with self.server.database.write() as session:
            close_draw(session, self._caller(session), self.server.clock())

    @staticmethod
    def _last(device: Device, home: str) -> str:
        """The visit that the household shows."""
        visit: str = device.shown("household", home)["current"]["id"]
        return visit

    def _caller(self, session: Session) -> Caller:
        found = recognise(session, self.official.enrolled["token"])
        assert found is not None
        return found

    def _act(self, device: Device, doubt: str, step: str, **more: object) -> str:
        verdict = act(device, doubt, step, captured_at=self.an_hour_ago.isoformat(), **more)
        assert verdict["verdict"] == "applied", verdict
        return doubt

    def _send(self, device: Device, *changes: Json) -> None:
        """Send what was captured when its visit ended."""
        dated = [one | {"captured_at": one["body"].get("ended_at", one["captured_at"])} for one in changes]
        verdicts = device.send(*dated)["verdicts"]
        assert {one["verdict"] for one in verdicts} <= {"applied", "merged"}, verdicts

    def _noticed(self, check: str, homes: set[str] | None = None) -> str:
        """The doubt of this kind, about these households."""
        notice(self.server.database, COMMUNE, self.server.clock())
        with self.server.database.read() as session:
            return next(
                one.id
                for one in list_standing(session, COMMUNE)
                if one.doubt.check == check and (homes is None or set(one.doubt.households) == homes)
            )
