"""The kinds of change that this server knows, one file each. A change of any other kind is held for a newer server.

A file must not know another kind's file, and judging runs no SQL.
"""

from sync_server.sync.kinds.attestation import ATTESTATION
from sync_server.sync.kinds.card import CARD
from sync_server.sync.kinds.doubt import DOUBT
from sync_server.sync.kinds.erasure import ERASURE
from sync_server.sync.kinds.errand import ERRAND
from sync_server.sync.kinds.household import HOUSEHOLD
from sync_server.sync.kinds.join import JOIN
from sync_server.sync.kinds.kind import Kind
from sync_server.sync.kinds.pin_rule import PIN_RULE
from sync_server.sync.kinds.resolution import RESOLUTION
from sync_server.sync.kinds.response import RESPONSE
from sync_server.sync.kinds.review import REVIEW

KINDS: dict[str, Kind] = {
    "household": HOUSEHOLD,
    "response": RESPONSE,
    "card": CARD,
    "attestation": ATTESTATION,
    "errand": ERRAND,
    "pin_rule": PIN_RULE,
    "resolution": RESOLUTION,
    "erasure": ERASURE,
    "review": REVIEW,
    "doubt": DOUBT,
    "join": JOIN,
}
