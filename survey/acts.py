"""What the audit log tells of: everything that somebody saw, took out or decided, and the words for it.

What phones and forms record (visits, households …) is a change, and is kept as one; `CHANGE_WORDS` names the kinds.
"""

from enum import StrEnum


class Act(StrEnum):
    """Something that a person did and that leaves a line in the audit log."""

    SAW_HOUSEHOLD = "saw_household"
    SHOWN_PHONE = "shown_phone"
    EXPORTED = "exported"
    PRINTED_CARDS = "printed_cards"
    IMPORTED_LIST = "imported_list"
    TOOK_IMPORT_BACK = "took_import_back"
    OPENED_LEFT_OUT = "opened_left_out"
    INVITED = "invited"
    MOVED_MEMBER = "moved_member"
    ENDED_MEMBERSHIP = "ended_membership"
    REVOKED_DEVICE = "revoked_device"
    LOST_DEVICE = "lost_device"
    CHANGED_VILLAGES = "changed_villages"
    CHANGED_ROUND = "changed_round"
    CHANGED_CRITERIA = "changed_criteria"
    CHANGED_RECORDING = "changed_recording"
    SIGNED_REPORT = "signed_report"
    NUMBERED_REPORT = "numbered_report"
    OPENED_PUBLIC_PAGE = "opened_public_page"
    CLOSED_PUBLIC_PAGE = "closed_public_page"
    WROTE_REQUEST = "wrote_request"
    READ_CHANGE = "read_change"
    STARTED_DRAW = "started_draw"
    CLOSED_DRAW = "closed_draw"
    GAVE_BACK_CHECKS = "gave_back_checks"
    SAW_BACK_CHECK = "saw_back_check"
    CHECKED_AGAIN = "checked_again"
    LEFT_OUT_BACK_CHECK = "left_out_back_check"
    QUARANTINED = "quarantined"
    RESTORED = "restored"


ACT_WORDS = {
    Act.SAW_HOUSEHOLD: "mở trang của một hộ",
    Act.SHOWN_PHONE: "xem số điện thoại của một hộ",
    Act.EXPORTED: "xuất dữ liệu ra tệp",
    Act.PRINTED_CARDS: "in thẻ hộ",
    Act.IMPORTED_LIST: "nhập danh sách hộ",
    Act.TOOK_IMPORT_BACK: "hoàn tác một lần nhập danh sách",
    Act.OPENED_LEFT_OUT: "tải các dòng chưa nhập của một danh sách",
    Act.INVITED: "tạo mã đăng nhập",
    Act.MOVED_MEMBER: "giao thôn khác cho một người",
    Act.ENDED_MEMBERSHIP: "cho một người rời tổ",
    Act.REVOKED_DEVICE: "thôi dùng một máy",
    Act.LOST_DEVICE: "báo mất một máy",
    Act.CHANGED_VILLAGES: "thêm, sửa hoặc xóa thôn",
    Act.CHANGED_ROUND: "sửa hoặc mở đợt khảo sát",
    Act.CHANGED_CRITERIA: "đổi bộ tiêu chí",
    Act.CHANGED_RECORDING: "đổi bản ghi âm lời xin phép",
    Act.SIGNED_REPORT: "chốt một báo cáo",
    Act.NUMBERED_REPORT: "ghi số văn bản của một báo cáo",
    Act.OPENED_PUBLIC_PAGE: "mở trang công khai của xã",
    Act.CLOSED_PUBLIC_PAGE: "đóng trang công khai của xã",
    Act.WROTE_REQUEST: "ghi một yêu cầu về dữ liệu",
    Act.READ_CHANGE: "xem nội dung một dòng dữ liệu",
    Act.STARTED_DRAW: "mở bốc thăm kiểm tra lại của đợt",
    Act.CLOSED_DRAW: "chốt bốc thăm kiểm tra lại của đợt",
    Act.GAVE_BACK_CHECKS: "giao hộ kiểm tra lại",
    Act.SAW_BACK_CHECK: "mở phiếu kiểm tra lại của một hộ",
    Act.CHECKED_AGAIN: "ghi kết quả kiểm tra lại một hộ",
    Act.LEFT_OUT_BACK_CHECK: "không tính, hoặc tính lại, một kết quả kiểm tra lại",
    Act.QUARANTINED: "rút một dòng dữ liệu khỏi điện thoại của tổ",
    Act.RESTORED: "đưa lại một dòng dữ liệu đã rút",
}
CHANGE_WORDS = {
    "response": "ghi phiếu của một hộ",
    "household": "ghi hoặc sửa một hộ",
    "card": "gắn hoặc hủy một thẻ hộ",
    "attestation": "xác nhận một tiêu chí",
    "resolution": "chọn giữa hai điều ghi khác nhau",
    "review": "nhờ hỏi lại một phiếu",
    "join": "ghép hai hộ ghi trùng làm một, hoặc tách ra lại",
    "doubt": "làm một việc ở mục cần xem",
    "errand": "giao danh sách hộ cho tổ",
    "pin_rule": "đổi quy định mã PIN của tổ",
    "erasure": "xóa một hộ theo yêu cầu của gia đình",
}
"""By kind of change; each word, as those of `ACT_WORDS`, goes after the person and “đã”."""
OTHER_CHANGE = "gửi một thay đổi"
AT_SERVER = "Người quản trị máy chủ"
"""Who works on the server's command line: it knows nobody by name."""
