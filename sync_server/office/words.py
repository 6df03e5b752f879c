"""What only the pages say: the names of typed fields, and letters."""

TYPED = {
    "head_name": "Chủ hộ",
    "address": "Địa chỉ",
    "phone": "Số điện thoại",
    "name": "Họ và tên",
    "names": "Họ và tên",
    "value": "Số lượng",
    "evidence": "Minh chứng",
}
"""The fields of forms that a person types, and how a page calls them."""


def capital(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
