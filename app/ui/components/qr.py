"""A QR symbol on the screen, for another phone's camera."""

from io import BytesIO

import flet as ft
import qrcode
from qrcode.image.svg import SvgPathImage

SIDE = 260


def qr_symbol(text: str, label: str) -> ft.Control:
    """The text as a QR symbol with its white margin; `label` is what a screen reader says."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, image_factory=SvgPathImage)
    code.add_data(text)
    drawn = BytesIO()
    code.make_image().save(drawn)
    picture = ft.Image(src=drawn.getvalue().decode(), width=SIDE, height=SIDE, semantics_label=label)
    return ft.Row(
        [ft.Container(picture, bgcolor=ft.Colors.WHITE, border_radius=12)], alignment=ft.MainAxisAlignment.CENTER
    )
