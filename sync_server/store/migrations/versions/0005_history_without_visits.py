"""Take out of the households' history what should not be there of a first visit: answers, people, who came and when.

Where a household and its first visit came in one request, the history held the whole visit, people included, where an
erasure does not look. The keys are those of `survey.households.SERVER_FIELDS` at this revision.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
_OF_VISITS = ("current", "visited_at", "visited_by", "visit", "ask_again")
_HISTORY = sa.table(
    "household_history",
    sa.column("commune", sa.String),
    sa.column("household_id", sa.String),
    sa.column("seq", sa.BigInteger),
    sa.column("sent", sa.Text),
    sa.column("state", sa.Text),
)
_ROW = (_HISTORY.c.commune, _HISTORY.c.household_id, _HISTORY.c.seq)


def _own(text: str) -> str:
    fields = {key: value for key, value in json.loads(text).items() if key not in _OF_VISITS}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def upgrade() -> None:
    bind = op.get_bind()
    named = [column.contains(f'"{key}"') for column in (_HISTORY.c.sent, _HISTORY.c.state) for key in _OF_VISITS]
    for row in bind.execute(sa.select(_HISTORY).where(sa.or_(*named))).all():
        change = _HISTORY.update().where(*(column == getattr(row, column.name) for column in _ROW))
        bind.execute(change.values(sent=_own(row.sent), state=_own(row.state)))
