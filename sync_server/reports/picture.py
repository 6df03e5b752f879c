"""A picture of a signed report for a phone's screen: how many villages pass, and a bar for each rate. Sums alone."""

from contextlib import closing
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from survey.public_coverage import PublicCriterion
from survey.reports import Report, check_code
from survey.vietnamese import format_percent
from sync_server.reports.public import public_of
from sync_server.reports.summary import passed_words, surveyed_words, up_to

WIDTH, HEIGHT = 1080, 1350
_MARGIN = 72
_REGULAR, _BOLD = "BeVietnamPro-Regular", "BeVietnamPro-Bold"
_FONTS = Path(__file__).parents[2] / "assets" / "fonts"
_INK, _WEAK, _ACCENT, _TRACK = (HexColor(one) for one in ("#17211f", "#4a5755", "#006a60", "#dfe8e6"))
_MOST_BARS = 8
_drawing = Lock()  # PDFium must not be entered by two threads


def as_picture(report: Report, full_hash: str) -> bytes:
    """The bytes of a PNG, 1080 × 1350."""
    import pypdfium2  # type: ignore[import-untyped]  # imported late: only who shares pays for it

    pdf = _draw(report, full_hash)
    with _drawing, closing(pypdfium2.PdfDocument(pdf)) as document:
        picture = document[0].render(scale=1).to_pil()
    made = BytesIO()
    picture.save(made, "PNG", optimize=True)
    return made.getvalue()


@cache
def _register() -> None:
    with _drawing:
        for name in (_REGULAR, _BOLD):
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf"), asciiReadable=False))


def _draw(report: Report, full_hash: str) -> bytes:
    _register()
    made = BytesIO()
    canvas = Canvas(made, (WIDTH, HEIGHT), initialFontName=_REGULAR, invariant=1)  # type: ignore[arg-type]
    public, commune = public_of(report, announces_results=True), report.coverage.commune
    assert report.period is not None
    y: float = HEIGHT - _MARGIN
    y = _write(canvas, y, f"{commune.kind.capitalize()} {commune.name}", 40, _REGULAR, _WEAK)
    y = _write(canvas, y, f"Thôn thông minh, {report.period.title}", 50, _BOLD, _INK)
    y = _write(canvas, y - 20, passed_words(public).capitalize(), 78, _BOLD, _ACCENT)
    y = _write(canvas, y - 4, surveyed_words(public), 36, _REGULAR, _INK) - 24
    rates = [one for one in public.criteria if one.kind == "ratio" and one.rate is not None][:_MOST_BARS]
    room = (y - 130) / max(len(rates), 4)
    for one in rates:
        _bar(canvas, y, one, room)
        y -= room
    code = f"Số liệu {up_to(report)} · mã kiểm tra {check_code(full_hash)}"
    _write(canvas, _MARGIN + 26, code, 26, _REGULAR, _WEAK)
    canvas.save()
    return made.getvalue()


def _write(canvas: Canvas, y: float, text: str, size: float, font: str, colour: object) -> float:
    """Write lines from the top y down, the size smaller where a text needs more than two; returns where they end."""
    while len(lines := simpleSplit(text, font, size, WIDTH - 2 * _MARGIN)) > 2:
        size *= 0.95
    canvas.setFillColor(colour)  # type: ignore[arg-type]
    canvas.setFont(font, size)
    for line in lines:
        y -= size * 1.25
        canvas.drawString(_MARGIN, y + size * 0.3, line)
    return y


def _bar(canvas: Canvas, y: float, one: PublicCriterion, room: float) -> None:
    """A criterion's name, its rate, and a bar with a mark where the document wants it."""
    assert one.rate is not None
    full, size = WIDTH - 2 * _MARGIN, min(30.0, room * 0.26)
    figure = format_percent(one.rate)
    canvas.setFillColor(_INK)
    canvas.setFont(_BOLD, size * 1.15)
    canvas.drawRightString(WIDTH - _MARGIN, y - size * 1.2, figure)
    beside = full - pdfmetrics.stringWidth(figure, _BOLD, size * 1.15) - 24
    name = simpleSplit(one.title, _REGULAR, size, beside)
    canvas.setFont(_REGULAR, size)
    canvas.drawString(_MARGIN, y - size * 1.2, name[0] + (" …" if len(name) > 1 else ""))
    top, height = y - size * 1.7, room * 0.24
    canvas.setFillColor(_TRACK)
    canvas.roundRect(_MARGIN, top - height, full, height, height / 2, stroke=0, fill=1)
    canvas.setFillColor(_ACCENT)
    canvas.roundRect(
        _MARGIN, top - height, max(full * min(float(one.rate), 1.0), height), height, height / 2, stroke=0, fill=1
    )
    if one.threshold:
        at = _MARGIN + full * min(float(one.threshold), 100) / 100
        canvas.setStrokeColor(_INK)
        canvas.setLineWidth(4)
        canvas.line(at, top + 6, at, top - height - 6)
