"""The server's settings: environment variables `TUNGNHA_…`, checked once at start, passed down from there."""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sync_server.problems import field_problems
from sync_server.store.database import CONNECTIONS, check_address

ALL_CONNECTIONS = 90  # PostgreSQL keeps 3 of its 100 for itself; an administrator needs some


def _checked_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("phải là địa chỉ http:// hoặc https:// của máy chủ")
    return value.rstrip("/")


class ServerSettings(BaseSettings):
    """What an installation can set. The defaults suit a first try on one machine."""

    model_config = SettingsConfigDict(env_prefix="TUNGNHA_", extra="ignore", frozen=True, hide_input_in_errors=True)
    data: Annotated[Path, Field(description="Folder of the SQLite file and everything else the server keeps")] = Path(
        "data"
    )
    database_url: Annotated[
        Annotated[str, AfterValidator(check_address)] | None, Field(description="PostgreSQL instead of SQLite")
    ] = None
    host: Annotated[str, Field(min_length=1, description="Address to listen on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="Port to listen on")] = 8000
    workers: Annotated[
        int, Field(ge=1, le=64, description="Processes that share the port; above 1 on PostgreSQL only")
    ] = 1
    connections: Annotated[
        int | None,
        Field(ge=1, description="PostgreSQL: most connections of one process; by itself 20, and all of them 90"),
    ] = None
    prepared: Annotated[
        bool, Field(description="PostgreSQL: keep prepared statements; `off` behind PgBouncer older than 1.22")
    ] = True
    distribute: Annotated[
        Literal["", "citus"], Field(description="`citus`: spread the tables over a Citus cluster by commune")
    ] = ""
    proxies: Annotated[str, Field(description="Addresses of proxies, whose `X-Forwarded-…` headers are believed")] = (
        "127.0.0.1,::1"
    )
    public_url: Annotated[
        Annotated[str, AfterValidator(_checked_url)],
        Field(description="How phones reach the server: in links, on cards"),
    ] = ""
    code_days: Annotated[int, Field(ge=1, le=90, description="Days for which a one-time code works")] = 14
    token_days: Annotated[int, Field(ge=1, description="Days after which a device's credential is renewed")] = 30
    hand_in_days: Annotated[int, Field(ge=1, description="Days for which a revoked device may hand in what it has")] = (
        14
    )
    body_limit: Annotated[int, Field(ge=64 * 1024, description="Largest request body as sent, in bytes")] = 2 * 1024**2
    unpacked_limit: Annotated[int, Field(ge=64 * 1024, description="Largest request body once decompressed")] = (
        8 * 1024**2
    )
    reply_rows: Annotated[int, Field(ge=100, description="Most stream rows in one reply, over all villages")] = 5000
    reply_bytes: Annotated[int, Field(ge=64 * 1024, description="Most bytes of stream rows in one reply, unpacked")] = (
        1024**2
    )
    failed_codes: Annotated[int, Field(ge=1, description="Wrong codes in 15 minutes before an address must wait")] = 20
    failed_codes_overall: Annotated[int, Field(ge=1, description="The same over all, before answers slow down")] = 500
    audit_months: Annotated[int, Field(ge=1, description="Months for which the audit log is kept")] = 24

    retention_months: Annotated[
        int, Field(ge=1, description="Months after the last visit for which a household's answers are meant to be kept")
    ] = 24

    @model_validator(mode="before")
    @classmethod
    def _derive_public_url(cls, values: dict[str, object]) -> dict[str, object]:
        if not values.get("public_url"):
            values = values | {"public_url": f"http://127.0.0.1:{values.get('port') or 8000}"}
        return values

    @model_validator(mode="after")
    def _unpacked_is_not_smaller(self) -> Self:
        if self.unpacked_limit < self.body_limit:
            raise ValueError("TUNGNHA_UNPACKED_LIMIT không được nhỏ hơn TUNGNHA_BODY_LIMIT")
        return self

    @property
    def connections_each(self) -> int:
        """How many connections to PostgreSQL one process opens at most: what was set, or so many that all processes
        of this machine together stay below the 100 that PostgreSQL allows by itself."""
        return self.connections or min(CONNECTIONS, ALL_CONNECTIONS // self.workers)

    @property
    def database_address(self) -> str:
        """The address of the database: the one that was set, or the SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'server.db'}"


def explain(error: ValidationError) -> str:
    """Describe wrong settings, one line for each, under the name of its environment variable."""
    lines = []
    for one in field_problems(error.errors(include_input=False)):
        name = "TUNGNHA_" + one.pointer.strip("/").upper() if one.pointer else "Cài đặt"
        lines.append(f"{name}: {one.detail}")
    return "\n".join(lines)
