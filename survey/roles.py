"""Who may do what: one table, read by the server at every route and by the app for what it shows."""

from enum import StrEnum


class Role(StrEnum):
    """A person's role in a village, a commune or a province."""

    MEMBER = "member"
    LEAD = "lead"
    OFFICIAL = "official"
    PROVINCE = "province"


class Action(StrEnum):
    """What a person can be allowed to do within the villages in their scope."""

    SYNC = "sync"
    MOVE_SIGN_IN = "move_sign_in"
    RECORD_VISIT = "record_visit"
    EDIT_HOUSEHOLD = "edit_household"
    CALL_HOUSEHOLD = "call_household"
    ERASE_HOUSEHOLD = "erase_household"
    ATTEST = "attest"
    CONFIRM_ATTESTATION = "confirm_attestation"
    GIVE_ERRAND = "give_errand"
    REQUIRE_PIN = "require_pin"
    SETTLE_DIFFERENCE = "settle_difference"
    REVIEW_VISIT = "review_visit"
    ANSWER_DOUBT = "answer_doubt"
    MOVE_HOUSEHOLD = "move_household"
    SEE_COVERAGE = "see_coverage"
    SEE_COMMUNE = "see_commune"
    SEE_PROVINCE = "see_province"
    MANAGE_DEVICES = "manage_devices"
    MANAGE_CARDS = "manage_cards"
    MANAGE_LIST = "manage_list"
    TAKE_LIST_OUT = "take_list_out"
    SET_UP_COMMUNE = "set_up_commune"
    SIGN_REPORT = "sign_report"
    INVITE = "invite"
    HAND_IN_RESCUE = "hand_in_rescue"
    READ_AUDIT = "read_audit"
    KEEP_REGISTERS = "keep_registers"


_ALLOWED: dict[Role, frozenset[Action]] = {
    Role.MEMBER: frozenset(
        {
            Action.SYNC,
            Action.MOVE_SIGN_IN,
            Action.RECORD_VISIT,
            Action.EDIT_HOUSEHOLD,
            Action.ERASE_HOUSEHOLD,
            Action.CALL_HOUSEHOLD,
            Action.ANSWER_DOUBT,
            Action.SEE_COVERAGE,
        }
    ),
    Role.LEAD: frozenset(
        {
            Action.SYNC,
            Action.MOVE_SIGN_IN,
            Action.RECORD_VISIT,
            Action.EDIT_HOUSEHOLD,
            Action.ERASE_HOUSEHOLD,
            Action.CALL_HOUSEHOLD,
            Action.ATTEST,
            Action.GIVE_ERRAND,
            Action.REQUIRE_PIN,
            Action.SETTLE_DIFFERENCE,
            Action.REVIEW_VISIT,
            Action.ANSWER_DOUBT,
            Action.MOVE_HOUSEHOLD,
            Action.SEE_COVERAGE,
            Action.MANAGE_DEVICES,
            Action.MANAGE_CARDS,
            Action.TAKE_LIST_OUT,
            Action.INVITE,
            Action.HAND_IN_RESCUE,
        }
    ),
    Role.OFFICIAL: frozenset(
        {
            Action.SYNC,
            Action.MOVE_SIGN_IN,
            Action.EDIT_HOUSEHOLD,
            Action.ERASE_HOUSEHOLD,
            Action.ATTEST,
            Action.CONFIRM_ATTESTATION,
            Action.GIVE_ERRAND,
            Action.REQUIRE_PIN,
            Action.SETTLE_DIFFERENCE,
            Action.REVIEW_VISIT,
            Action.ANSWER_DOUBT,
            Action.MOVE_HOUSEHOLD,
            Action.SEE_COVERAGE,
            Action.SEE_COMMUNE,
            Action.MANAGE_DEVICES,
            Action.MANAGE_CARDS,
            Action.TAKE_LIST_OUT,
            Action.MANAGE_LIST,
            Action.SET_UP_COMMUNE,
            Action.SIGN_REPORT,
            Action.INVITE,
            Action.HAND_IN_RESCUE,
            Action.READ_AUDIT,
            Action.KEEP_REGISTERS,
        }
    ),
    # Sums of communes, on the office's pages alone: no village, no household, no person.
    Role.PROVINCE: frozenset({Action.SEE_PROVINCE}),
}


def may(role: Role, action: Action) -> bool:
    """Whether the role allows the action. Scope (which villages) is checked apart, on every row."""
    return action in _ALLOWED[role]
