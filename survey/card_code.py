"""Codes that people carry on paper and type: 15 random symbols and one check symbol, in four groups of four.

The alphabet is Crockford's base 32 (no I, L, O, U). The check symbol is a parity over GF(32): it notices every single
wrong symbol and every swap of two neighbours, so that a mistyped code is refused before it is looked up.
"""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
RANDOM_BYTES = 10
_LOOKALIKE = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def _times(left: int, right: int) -> int:
    product = 0
    for bit in range(5):
        if right >> bit & 1:
            product ^= left << bit
    for bit in range(8, 4, -1):
        if product >> bit & 1:
            product ^= 0b100101 << (bit - 5)  # x^5 + x^2 + 1, primitive over GF(2)
    return product


def _parity(symbols: list[int]) -> int:
    total = 0
    for symbol in symbols:
        total = _times(total, 2) ^ symbol
    return _times(total, 2)


def make_code(random: bytes) -> str:
    """A new code of 75 random bits from `RANDOM_BYTES` random bytes, without separators."""
    bits = int.from_bytes(random[:RANDOM_BYTES], "big")
    symbols = [bits >> (5 * place) & 31 for place in range(LENGTH - 1)]
    return "".join(ALPHABET[symbol] for symbol in [*symbols, _parity(symbols)])


def read_code(text: str) -> str | None:
    """The code in what a person typed (any case, spaces, hyphens, I for 1, O for 0); None where it cannot be one."""
    plain = "".join(letter for letter in text.upper() if letter.isalnum()).translate(_LOOKALIKE)
    if len(plain) != LENGTH or any(letter not in ALPHABET for letter in plain):
        return None
    symbols = [ALPHABET.index(letter) for letter in plain]
    return plain if _parity(symbols[:-1]) == symbols[-1] else None


def grouped(code: str) -> str:
    """The code as it is printed: "7Q4M-2KXP-…"."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))
