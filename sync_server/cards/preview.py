"""A page of sheets as a picture, to be looked at on a phone before anything is printed."""

from contextlib import closing
from io import BytesIO
from threading import Lock

DPI = 100
_rendering = Lock()  # PDFium must not be entered by two threads


def render_page(pdf: bytes, dpi: int = DPI) -> bytes:
    """The first page of a PDF as a PNG in shades of grey."""
    import pypdfium2  # type: ignore[import-untyped]  # imported late: only who previews pays for it

    with _rendering, closing(pypdfium2.PdfDocument(pdf)) as document:
        picture = document[0].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
