"""Which addresses are not for doors, and what the lead is told."""

import pytest

from sync_server.cards.address import trial_reasons
from sync_server.cards.formats import FORMATS

CARDS, LABELS, NOTICE = (FORMATS[name] for name in ("a4-2x5", "a4-3x8", "a4-1"))
OFFICE = "https://chuyendoiso-nguyetduc.bacninh.gov.vn"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://tungnha.example.vn", ["https://"]),
        ("https://192.168.1.5", ["dãy số"]),
        ("https://[2001:db8::1]:8443", ["dãy số"]),
        ("http://127.0.0.1:8000", ["https://", "chính máy chủ"]),
        ("https://localhost", ["chính máy chủ"]),
        ("https://mayxa", ["chính máy chủ"]),
        ("https://mayxa.local", ["chính máy chủ"]),
        ("https://từngnhà.vn", ["không dấu"]),
        ("https://tungnha.example.vn", []),
        ("https://tungnha.example.vn:8443", []),
        (OFFICE, []),
    ],
)
def test_what_is_wrong_with_an_address_is_said(address: str, said: list[str]) -> None:
    reasons = trial_reasons(address, CARDS)
    assert len(reasons) == len(said)
    for reason, words in zip(reasons, said, strict=True):
        assert words in reason


def test_an_address_may_be_too_long_for_labels_and_not_for_cards() -> None:
    (said,) = trial_reasons(OFFICE, LABELS)
    assert said.startswith("Địa chỉ dài 44 ký tự nên mỗi ô của mã chỉ còn 0,51 mm")
    assert said.endswith("nhiều nhất 33 ký tự.")
    assert trial_reasons("https://" + "x" * 22 + ".vn", LABELS) == []  # 33 characters
    assert len(trial_reasons("https://" + "x" * 23 + ".vn", LABELS)) == 1
    assert trial_reasons("https://" + "x" * 100 + ".vn", NOTICE) == []
