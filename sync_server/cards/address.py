"""Whether an address may stand on hundreds of doors: a card lives for years, a first try's address does not."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from survey.card_code import ALPHABET, LENGTH
from sync_server.cards.formats import LEAST_MODULE, SheetFormat
from sync_server.cards.symbols import card_link, modules_for

_ANY_CODE = ALPHABET[0] * LENGTH


def trial_reasons(public_url: str, sheet_format: SheetFormat) -> list[str]:
    """Why sheets with this address are only a trial print, as sentences for the lead; empty where they are for doors.

    `public_url` is the server's address as it is set, without a slash at its end.
    """
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    reasons = []
    if parts.scheme != "https":
        reasons.append(
            "Địa chỉ máy chủ chưa bắt đầu bằng https:// nên điện thoại không cài được ứng dụng: "
            "nhờ người quản trị đặt địa chỉ https:// trước khi in thật."
        )
    if _is_local(host):
        reasons.append(
            f"Địa chỉ “{host}” chỉ mở được trên chính máy chủ hoặc trong mạng của nó: "
            "thẻ dán ở nhà dân cần một địa chỉ mở được từ mọi nơi."
        )
    elif _is_number(host):
        reasons.append(
            f"Địa chỉ “{host}” là một dãy số, đổi máy chủ hay đổi mạng là thẻ hỏng: "
            "nhờ người quản trị đặt một tên miền dùng lâu dài."
        )
    if not public_url.isascii():
        reasons.append(
            f"Địa chỉ “{host}” có chữ có dấu, không phải điện thoại nào cũng mở được: "
            "nhờ người quản trị đặt một tên miền không dấu."
        )
    module = sheet_format.qr_side / modules_for(card_link(public_url, _ANY_CODE))
    if module < LEAST_MODULE:
        reasons.append(
            f"Địa chỉ dài {len(public_url)} ký tự nên mỗi ô của mã chỉ còn {_comma(module)} mm, điện thoại khó quét: "
            f"với mẫu này địa chỉ nên có nhiều nhất {_longest(sheet_format)} ký tự."
        )
    return reasons


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_local(host: str) -> bool:
    """Whether the name means nothing outside: one word, or an ending kept for private networks."""
    if _is_number(host):
        return ip_address(host).is_loopback
    return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan", ".test"))


def _longest(sheet_format: SheetFormat) -> int:
    """Characters of the longest address whose modules are large enough in this format."""
    length = 12
    while sheet_format.qr_side / modules_for(card_link("x" * (length + 1), _ANY_CODE)) >= LEAST_MODULE:
        length += 1
    return length


def _comma(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
