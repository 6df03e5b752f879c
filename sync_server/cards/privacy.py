"""What a family is told about its data, on the back of its card: the same words on every card."""

from sync_server.cards.lettering import Pen
from sync_server.cards.order import Sheet

HEADING = "Gia đình cần biết"
_WHAT_IT_IS = "Mã trên thẻ chỉ giúp tìm đúng phiếu của nhà mình; trong mã không có thông tin của ai."
_WHAT_CARDS_ARE = (
    "Mỗi nhà có một thẻ với mã QR, Tổ công nghệ số cộng đồng quét khi đến nhà để tìm đúng phiếu; "
    "trong mã không có thông tin của ai."
)
_ASKED = (
    "Tổ công nghệ số cộng đồng hỏi trong nhà ai có điện thoại thông minh, tài khoản thanh toán điện tử, VNeID…; "
    "chỉ ghi năm sinh, nam hay nữ và quan hệ với chủ hộ."
)
_NEVER_ASKED = "Không hỏi số giấy tờ, số tài khoản hay mật khẩu."
_INSET = 6.0
_LARGEST = 9.0


def privacy_paragraphs(sheet: Sheet) -> list[str]:
    """What a card is, what is asked and what never, who keeps it, that a family may refuse or erase, whom to ask."""
    ask = sheet.contact or f"Tổ công nghệ số cộng đồng của {sheet.village} hoặc UBND {sheet.commune}"
    return [
        _WHAT_CARDS_ARE if sheet.format.face == "notice" else _WHAT_IT_IS,
        f"{_ASKED} {_NEVER_ASKED}",
        f"Thông tin do {sheet.commune} giữ. Gia đình có thể không trả lời, hoặc yêu cầu xóa bất cứ lúc nào.",
        f"Muốn hỏi hoặc muốn xóa, xin gặp: {ask}.",
    ]


class BackFace:
    """The back of a card. Everything stays 6 mm inside: fronts and backs meet to a few millimetres only."""

    symbol_at = (0.0, 0.0)

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def draw_same(self, pen: Pen) -> None:
        """Draws the heading and the notice, as large as all of it fits. Raises `LetterMissing`."""
        width, height = self.sheet.format.width - 2 * _INSET, self.sheet.format.height - 2 * _INSET
        pen.write_paragraphs(_INSET, _INSET, privacy_paragraphs(self.sheet), _LARGEST, width, height, heading=HEADING)

    def draw_own(self, pen: Pen, cell: object) -> None:
        """Nothing: a shifted or wrongly turned sheet does no harm."""
