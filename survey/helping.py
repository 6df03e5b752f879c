"""What a team can help a family with at the door: whoever has answered "no" has something to do, and steps to do it.

The steps name no number, password or code that anybody would have to tell: a team member never asks for one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from survey.drafts import ResidentDraft
from survey.questions import NO, YES, SurveyForm
from survey.records import AnswerValue

VNEID_FULL = 2
WHAT = {
    "has_payment_account": "Mở tài khoản thanh toán",
    "vneid_level": "Kích hoạt VNeID mức 2",
    "uses_online_services": "Nộp hồ sơ trực tuyến",
    "has_digital_signature": "Lấy chữ ký số cá nhân",
    "has_ehealth_record": "Mở sổ sức khỏe điện tử",
    "has_digital_address": "Ghi địa chỉ số cho nhà",
    "in_village_group": "Vào nhóm Zalo của thôn",
    "accepts_cashless": "Nhận chuyển khoản bằng mã QR",
}
HOW = {
    "has_payment_account": (
        "Mang căn cước ra ngân hàng hoặc bưu điện gần nhất; máy có mạng thì mở ngay trên ứng dụng của ngân hàng.",
        "Đặt mật khẩu riêng. Không nói mật khẩu, mã OTP cho ai, kể cả tổ viên.",
        "Chuyển thử một khoản nhỏ cho người nhà để quen tay.",
    ),
    "vneid_level": (
        "Chưa có mức 2 thì mang căn cước đến công an xã đăng ký; ở nhà không làm được.",
        "Khi có tin nhắn báo đã duyệt: tải VNeID từ CH Play hoặc App Store, bấm “Kích hoạt”.",
        "Người nhà tự gõ số và mật khẩu; tổ viên không nhìn, không ghi lại.",
    ),
    "uses_online_services": (
        "Mở dichvucong.gov.vn, bấm “Đăng nhập”, chọn VNeID.",
        "Tìm thủ tục nhà đang cần, đọc phần giấy tờ phải có.",
        "Cùng nộp thử một hồ sơ; lần sau gia đình tự làm.",
    ),
    "has_digital_signature": (
        "Mở VNeID, vào mục chữ ký số, chọn nhà cung cấp.",
        "Làm theo từng bước; nhớ giữ riêng mã PIN của chữ ký.",
    ),
    "has_ehealth_record": (
        "Mở VNeID, chọn “Sổ sức khỏe điện tử”.",
        "Chưa thấy thẻ bảo hiểm y tế thì bấm tích hợp, vài ngày sau mở lại.",
    ),
    "has_digital_address": (
        "Hỏi xã nhà này đã có mã địa chỉ số chưa; có rồi thì dán mã ở cửa.",
        "Chưa có thì báo tổ trưởng ghi vào danh sách xin cấp.",
    ),
    "in_village_group": (
        "Mở Zalo, quét mã QR của nhóm thôn, bấm “Tham gia”.",
        "Gửi thử một lời chào để biết đã vào được.",
    ),
    "accepts_cashless": (
        "Nhờ ngân hàng in mã QR nhận tiền, dán ở quầy; phần lớn không mất phí.",
        "Quét thử bằng một máy khác, xem tiền có về không.",
    ),
}


@dataclass(frozen=True)
class HelpTask:
    """One thing to help with: for whom (None for the house) and the question whose answer it changes."""

    resident: ResidentDraft | None
    key: str

    @property
    def done(self) -> AnswerValue:
        """The answer once it is done."""
        return VNEID_FULL if self.key == "vneid_level" else YES


def list_help(
    residents: Iterable[ResidentDraft], answers: Mapping[str, AnswerValue], form: SurveyForm, reference_year: int
) -> Iterator[HelpTask]:
    """What this family lacks and the team can help with, person by person, then for the house."""
    for resident in residents:
        for question in resident.asked(form, reference_year):
            if question.key in WHAT and _lacks(question.key, resident.answers.get(question.key)):
                yield HelpTask(resident, question.key)
    for question in form.asked_of_household(answers):
        if question.key in WHAT and _lacks(question.key, answers.get(question.key)):
            yield HelpTask(None, question.key)


def _lacks(key: str, answer: AnswerValue) -> bool:
    return answer in (0, 1) if key == "vneid_level" else answer == NO
