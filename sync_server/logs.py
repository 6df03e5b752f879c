"""The server's log: which request failed and where in the program. It never holds values or error texts."""

import logging
from traceback import extract_tb

log = logging.getLogger("tungnha.server")


def where_it_failed(error: BaseException) -> str:
    """Describe an error for the log: its type and those of its causes, each with up to four functions and lines.

    The innermost come first, those of installed packages are left out. Error texts are never included: they may hold
    names.
    """
    parts: list[str] = []
    link: BaseException | None = error
    while link is not None and len(parts) < 4:
        frames = [frame for frame in extract_tb(link.__traceback__) if "site-packages" not in frame.filename]
        places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))
        parts.append(f"{type(link).__name__} at {places}")
        link = link.__cause__
    return "; ".join(parts)
