"""A sound file that every browser plays: one second of nothing, as MP3."""

_FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG 1 layer III, 128 kbit/s, 44.1 kHz, 26 ms
SILENCE = _FRAME * 38
