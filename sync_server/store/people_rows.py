"""The tables of communes, villages, people and their devices. Storage only, as in `rows`."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from sync_server.store.rows import ServerTable, UtcTime, belongs_to, of_commune, one_of


class CommuneRow(ServerTable, table=True):
    """A commune that works with this server. A province whose people sign in has a row too, under its 2-digit code and
    without a criteria set."""

    __tablename__ = "commune"
    code: str = Field(primary_key=True)
    name: str
    kind: str
    criteria_set: str
    created_at: datetime = Field(sa_type=UtcTime)


class CommuneSyncRow(ServerTable, table=True):
    """What a commune's devices are told: its epoch, which changes when it is restored from a backup, and its key for
    rescue files, here with the private part (a JWK). A province has both too. It has no foreign key: see migration
    0024."""

    __tablename__ = "commune_sync"
    commune: str = Field(primary_key=True)
    epoch: str
    rescue_key: str = Field(sa_type=Text)


class ProvincePlanRow(ServerTable, table=True):
    """How many communes a province means to bring to a village that passes by the end of a year, and how many did if
    that is not counted here: a year before this server. `communes` is how many there were, if not as many as today.
    `commune` holds the province's code."""

    __tablename__ = "province_plan"
    __table_args__ = (of_commune(),)
    commune: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    planned: int
    reached: int | None = None
    communes: int | None = None


class RecordingRow(ServerTable, table=True):
    """Somebody who reads a wording aloud, recorded by the commune: phones play it to families."""

    __tablename__ = "recording"
    __table_args__ = (of_commune(),)
    commune: str = Field(primary_key=True)
    wording: str = Field(primary_key=True)
    media_type: str
    content: bytes


class ListImportRow(ServerTable, table=True):
    """A list that somebody brought to the office page or the command line: `told` is what was chosen in its preview,
    `done` what the import changed, to be undone. The file itself (`content`) is kept only while it waits."""

    __tablename__ = "list_import"
    __table_args__ = (of_commune(), one_of("state", ("waiting", "done", "undone")))
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    state: str
    at: datetime = Field(sa_type=UtcTime)
    by: str
    file_name: str
    content: bytes | None = None
    told: str = Field(sa_type=Text)
    done: str = Field(sa_type=Text)


class CriteriaSetRow(ServerTable, table=True):
    """A criteria set as the commune adopted it: kept whole, so that a later edition changes nothing by itself."""

    __tablename__ = "criteria_set"
    __table_args__ = (of_commune(),)
    commune: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)


class SurveyRoundRow(ServerTable, table=True):
    """A survey round; ages are counted for `reference_year`. Answers hold for ever unless it says for how many days."""

    __tablename__ = "survey_round"
    __table_args__ = (of_commune(),)
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    title: str
    criteria_set: str
    reference_year: int
    starts_on: date
    ends_on: date | None = None
    answers_hold_days: int | None = None


class VillageRow(ServerTable, table=True):
    """A village; `seq` is the last sequence given in its stream, `place` its position in the commune's lists.

    `present` and `digest` are the count and the sum of digests of the rows that its stream shows. `counts` are the sums
    over its households (`survey.tally.Counter`), `counted` names what was counted in them; empty where nothing was.
    For one that was merged, `ended_at` is when, and `into_id` the village that it was merged into.
    """

    __tablename__ = "village"
    __table_args__ = (of_commune(),)
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    kind: str
    place: int
    seq: int = Field(default=0, sa_type=BigInteger)
    present: int = Field(default=0)
    digest: int = Field(default=0, sa_type=BigInteger)
    counted: str = Field(default="", sa_type=Text)
    counts: str = Field(default="", sa_type=Text)
    into_id: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class VillageLineageRow(ServerTable, table=True):
    """Which villages a village was made of, by which merger or split, and when: old figures roll up along it."""

    __tablename__ = "village_lineage"
    __table_args__ = (
        belongs_to("village", "village_id"),
        belongs_to("village", "from_id"),
        one_of("how", ("merge", "split")),
    )
    commune: str = Field(primary_key=True)
    village_id: str = Field(primary_key=True)
    from_id: str = Field(primary_key=True)
    how: str
    at: datetime = Field(sa_type=UtcTime)


class MemberRow(ServerTable, table=True):
    """A person who signs in. `scope_version` grows whenever the villages of this person change."""

    __tablename__ = "member"
    __table_args__ = (of_commune(), one_of("role", ("member", "lead", "official", "province")))
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    role: str
    scope_version: int = 1


class MembershipRow(ServerTable, table=True):
    """From when until when a member or lead works in a village. Officials have the commune and no rows here."""

    __tablename__ = "membership"
    __table_args__ = (
        belongs_to("member", "member_id"),
        belongs_to("village", "village_id"),
        Index("membership_by_village", "commune", "village_id"),
    )
    commune: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    village_id: str = Field(primary_key=True)
    began_at: datetime = Field(primary_key=True, sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class EnrollmentCodeRow(ServerTable, table=True):
    """A one-time code, stored only as its hash. Once it was used: the hash of the key that the device brought, and the
    device, so that whoever lost the answer gets it again. `moves` is the device whose sign-in the code moves."""

    __tablename__ = "enrollment_code"
    __table_args__ = (
        belongs_to("member", "member_id"),
        Index("enrollment_code_by_hash", "code_hash"),
    )
    commune: str = Field(primary_key=True)
    code_hash: str = Field(primary_key=True)
    member_id: str
    created_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)
    key_hash: str | None = None
    device_id: str | None = None
    moves: str | None = None


class WrongCodeRow(ServerTable, table=True):
    """A wrong code that came within the last quarter of an hour, by the hash of the address. Belongs to no commune."""

    __tablename__ = "wrong_code"
    __table_args__ = (Index("wrong_code_by_time", "at", "address"),)
    id: str = Field(primary_key=True)
    address: str
    at: datetime = Field(sa_type=UtcTime)


class DeviceRow(ServerTable, table=True):
    """A device, and what it last said of itself. `clock_skew` is its clock minus the server's, in seconds. `takes_over`
    is the device whose sign-in was moved here."""

    __tablename__ = "device"
    __table_args__ = (
        belongs_to("member", "member_id"),
        one_of("state", ("active", "revoked", "lost")),
        Index("device_by_member", "commune", "member_id"),
        Index("device_by_former", "commune", "takes_over"),
    )
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    member_id: str
    name: str
    enrolled_at: datetime = Field(sa_type=UtcTime)
    last_seen_at: datetime | None = Field(default=None, sa_type=UtcTime)
    clock_skew: int = 0
    app_version: str = ""
    unsent: int = Field(default=0, sa_type=BigInteger)
    state: str = "active"
    state_at: datetime | None = Field(default=None, sa_type=UtcTime)
    state_by: str = ""
    takes_over: str | None = None


class DeviceTokenRow(ServerTable, table=True):
    """A device's credential, stored only as its hash. A renewed one has no `used_at` until its first use. One with
    `idle_until` is a browser's for the office pages: it works there alone, until then."""

    __tablename__ = "device_token"
    __table_args__ = (
        belongs_to("device", "device_id"),
        Index("device_token_by_hash", "token_hash"),
        Index("device_token_by_device", "commune", "device_id"),
    )
    commune: str = Field(primary_key=True)
    token_hash: str = Field(primary_key=True)
    device_id: str
    issued_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)
    idle_until: datetime | None = Field(default=None, sa_type=UtcTime)


class IncidentRow(ServerTable, table=True):
    """The record of a lost device and what it may have held: kept as it was written, for the notice that is due."""

    __tablename__ = "incident"
    __table_args__ = (belongs_to("device", "device_id"),)
    commune: str = Field(primary_key=True)
    device_id: str = Field(primary_key=True)
    reported_at: datetime = Field(sa_type=UtcTime)
    body: str = Field(sa_type=Text)
