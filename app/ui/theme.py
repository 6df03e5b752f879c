"""How the app looks: one seed colour, one typeface with full Vietnamese, sizes that fingers and older eyes can use."""

import flet as ft

FONT = "Be Vietnam Pro"
SEED = "#00695C"
TOUCH = 48
GAP = 12
WIDE = 900

TITLE = 22
LARGE = 18
BODY = 16
SMALL = 14


# The second colour is violet: a household that declined. The third is amber: what waits, what is missing. Contrast of
# each pair is at least 7 : 1.
_ATTENTION_LIGHT = ft.ColorScheme(
    secondary="#5B3F85",
    on_secondary="#FFFFFF",
    tertiary="#7A4A00",
    on_tertiary="#FFFFFF",
    tertiary_container="#FFE3BF",
    on_tertiary_container="#2B1700",
    surface="#F6FAF8",
)
_ATTENTION_DARK = ft.ColorScheme(
    secondary="#D5BBFF",
    on_secondary="#2B1052",
    tertiary="#FFB960",
    on_tertiary="#462A00",
    tertiary_container="#5A3800",
    on_tertiary_container="#FFE3BF",
    surface="#111413",
)


def app_theme(brightness: ft.Brightness) -> ft.Theme:
    """The Material 3 theme; its density keeps touch targets at 48 px also where the browser calls itself a desktop."""
    dark = brightness is ft.Brightness.DARK
    return ft.Theme(
        color_scheme_seed=SEED,
        color_scheme=_ATTENTION_DARK if dark else _ATTENTION_LIGHT,
        font_family=FONT,
        icon_theme=ft.IconTheme(apply_text_scaling=True),
        visual_density=ft.VisualDensity.STANDARD,
    )


def label_style(size: int, *, bold: bool = False) -> ft.TextStyle:
    """Text on buttons, which does not get its typeface from the theme."""
    return ft.TextStyle(size=size, font_family=FONT, weight=ft.FontWeight.W_600 if bold else ft.FontWeight.W_500)


def line_style(size: int, *, bold: bool = False) -> ft.TextStyle:
    """Text of a line in a list, which takes neither typeface nor colour from the theme."""
    return ft.TextStyle(
        size=size,
        font_family=FONT,
        weight=ft.FontWeight.W_600 if bold else None,
        color=ft.Colors.ON_SURFACE if bold else ft.Colors.ON_SURFACE_VARIANT,
    )
