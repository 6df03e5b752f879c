"""Imports and touches what the first screens need, so that the browser does it while Flutter is still starting."""

import flet as ft
import flet.messaging.session_store

import app.main  # noqa: F401  the screens that a start begins with come with it
from app.ui.on_demand import import_all

# Flet loads what it has at its first use; this is what a start and the first screens use.
for _control in (
    ft.Button, ft.Chip, ft.Column, ft.Container, ft.Dropdown, ft.FilledButton, ft.Icon, ft.IconButton, ft.ListTile,
    ft.NavigationBar, ft.OutlinedButton, ft.Page, ft.ProgressBar, ft.Row, ft.SafeArea, ft.Segment, ft.SegmentedButton,
    ft.Semantics, ft.Stack, ft.Text, ft.TextButton, ft.TextField, ft.UrlLauncher, ft.View, ft.run, ft.use_memo,
):  # fmt: skip
    assert _control


def everything() -> None:
    """All that a phone ever needs, for a snapshot of Python's memory; and what is asked of the file at a start."""
    from app.rehearsal import rehearse

    import_all()
    rehearse()
