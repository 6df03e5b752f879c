"""Vietnamese in the letters of before Unicode, TCVN3 (fonts ".Vn…") and VNI: recognised, and turned into Unicode.

Old lists still hold such text. Without its font "Nguyễn Văn Hiền" shows as "NguyÔn V¨n HiÒn" (TCVN3) or "Nguyeãn Vaên
Hieàn" (VNI). The tables are those of TCVN 5712:1993 (its third set) and of VNI for Windows.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


def _list(text: str) -> list[str]:
    return text.split(" ")


_MARKED = _list(
    "à á ả ã ạ ă ằ ắ ẳ ẵ ặ â ầ ấ ẩ ẫ ậ è é ẻ ẽ ẹ ê ề ế ể ễ ệ ì í ỉ ĩ ị ò ó ỏ õ ọ ô ồ ố ổ ỗ ộ ơ ờ ớ ở ỡ ợ "
    "ù ú ủ ũ ụ ư ừ ứ ử ữ ự ỳ ý ỷ ỹ ỵ đ Ă Â Ê Ô Ơ Ư Đ"
)
_TCVN3 = _list(
    "µ ¸ ¶ · ¹ ¨ » ¾ ¼ ½ Æ © Ç Ê È É Ë Ì Ð Î Ï Ñ ª Ò Õ Ó Ô Ö × Ý Ø Ü Þ ß ã á â ä « å è æ ç é ¬ ê í ë ì î "
    "ï ó ñ ò ô \u00ad õ ø ö ÷ ù ú ý û ü þ ® ¡ ¢ £ ¤ ¥ ¦ §"
)
_VNI = _list(
    "aø aù aû aõ aï aê aè aé aú aü aë aâ aà aá aå aã aä eø eù eû eõ eï eâ eà eá eå eã eä ì í æ ó ò oø où oû oõ oï "
    "oâ oà oá oå oã oä ô ôø ôù ôû ôõ ôï uø uù uû uõ uï ö öø öù öû öõ öï yø yù yû yõ î ñ AÊ AÂ EÂ OÂ Ô Ö Ñ"
)
_FROM_TCVN3 = str.maketrans(dict(zip(_TCVN3, _MARKED, strict=True)))
_FROM_VNI = dict(zip(_VNI, _MARKED, strict=True))
_FROM_VNI |= {old.upper(): new.upper() for old, new in zip(_VNI, _MARKED, strict=True) if old.upper() not in _FROM_VNI}
_FROM_VNI |= {old[0].upper() + old[1:]: new.upper() for old, new in _FROM_VNI.items() if len(old) == 2}
_VNI_LETTERS = re.compile("|".join(sorted(map(re.escape, _FROM_VNI), key=len, reverse=True)))
# Signs and letters that no Vietnamese text in Unicode has, and pairs that none has either.
_ONLY_TCVN3 = re.compile("[µ¸¶·¹¨»¾¼½Æ©ÇËÎÏÑªÖØÜÞßäåæçëîïñöø÷ûþ®«¬\u00ad¡¢£¤¥¦§]")
# "oà", "oá", "oã" are not among them: people write Hoà for Hòa.
_ONLY_VNI = re.compile(
    "[ae][âàáåãä]|o[âåä]|[auoeyôö][øùûõï]|a[êèéúüë]|(?:[AE][ÂÀÁÅÃÄ]|O[ÂÅÄ]|[AUOEYÔÖ][ØÙÛÕÏ]|A[ÊÈÉÚÜË])(?![a-z])|ñ|Ñ|ö|Ö|æ"
)
_ONLY_UNICODE = re.compile("[ăơưđĂƠƯĐ\u1ea0-\u1ef9]")


class Letters(StrEnum):
    """How a text is written."""

    UNICODE = "unicode"
    TCVN3 = "TCVN3"
    VNI = "VNI"


def letters_of(text: str) -> Letters | None:
    """How a text is written, if its letters tell: "Hà" may be any of the three."""
    composed = unicodedata.normalize("NFC", text)
    if _ONLY_UNICODE.search(composed):
        return Letters.UNICODE
    vni, tcvn3 = len(_ONLY_VNI.findall(composed)), len(_ONLY_TCVN3.findall(composed))
    if not vni and not tcvn3:
        return None
    is_vni = vni > tcvn3 or (vni == tcvn3 and any(len(sign) > 1 for sign in _ONLY_VNI.findall(composed)))
    return Letters.VNI if is_vni else Letters.TCVN3


def most_letters(texts: Iterable[str]) -> Letters | None:
    """How most of these texts, which were typed with one font, are written; None if none of them tells."""
    told = Counter(one for one in map(letters_of, texts) if one is not None)
    return max(told, key=lambda one: (told[one], one is Letters.UNICODE), default=None)


def to_unicode(text: str, letters: Letters) -> str:
    """The text in Unicode. With a font for capitals TCVN3 keeps small letters: their case is not known, and stays."""
    if letters is Letters.TCVN3:
        return text.translate(_FROM_TCVN3)
    if letters is Letters.VNI:
        return _VNI_LETTERS.sub(lambda found: _FROM_VNI[found[0]], text)
    return text
