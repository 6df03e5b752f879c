"""What this device's printer does wrong, so that sheets of labels meet their stock."""

import json
from dataclasses import asdict, dataclass

from sqlmodel import Session

from app.store.sync_state import find_setting, save_setting

MOST_SHIFT = 10
LEAST_RULER, MOST_RULER = 91, 111
_PRINTER = "printer"


@dataclass(frozen=True)
class PrinterOffsets:
    """How far right and down a sheet comes out, and how long its ruler of 100 mm, all in mm as they were measured.

    Raises `ValueError` for what no printer does.
    """

    right_mm: float = 0.0
    down_mm: float = 0.0
    ruler_mm: float = 100.0

    def __post_init__(self) -> None:
        if max(abs(self.right_mm), abs(self.down_mm)) > MOST_SHIFT or not LEAST_RULER <= self.ruler_mm <= MOST_RULER:
            raise ValueError(f"no printer is so wrong: {self}")

    def correction(self) -> dict[str, str]:
        """The query parameters that undo it."""
        return {
            "offset_x": f"{0 - self.right_mm:g}",
            "offset_y": f"{0 - self.down_mm:g}",
            "scale": f"{100 / self.ruler_mm:.4f}",
        }


def find_printer_offsets(session: Session) -> PrinterOffsets:
    """What was kept of the printer; a printer that is right if nothing was."""
    text = find_setting(session, _PRINTER)
    return PrinterOffsets(**json.loads(text)) if text else PrinterOffsets()


def save_printer_offsets(session: Session, offsets: PrinterOffsets) -> None:
    save_setting(session, _PRINTER, json.dumps(asdict(offsets)))
