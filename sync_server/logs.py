"""What is logged: which request failed and where in the program, never what was in it: no values, no error texts."""

import logging
from traceback import extract_tb

log = logging.getLogger("tungnha.server")


def where_it_failed(error: BaseException) -> str:
    """The kinds of an error and its causes, and the innermost lines of ours; never the texts, which may hold names."""
    parts: list[str] = []
    link: BaseException | None = error
    while link is not None and len(parts) < 4:
        frames = [frame for frame in extract_tb(link.__traceback__) if "site-packages" not in frame.filename]
        places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))
        parts.append(f"{type(link).__name__} at {places}")
        link = link.__cause__
    return "; ".join(parts)
