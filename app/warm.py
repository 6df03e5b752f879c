"""Imports and touches what the first screens need, so that the browser does it while Flutter is still starting."""

import flet as ft

import app.main  # noqa: F401  the screens that a start begins with come with it
from app.ui.on_demand import import_all

# Flet loads a control's module at its first use; these are the ones the first screens draw.
for _control in (
    ft.Button, ft.Chip, ft.Column, ft.Container, ft.Dropdown, ft.FilledButton, ft.Icon, ft.IconButton, ft.ListTile,
    ft.NavigationBar, ft.OutlinedButton, ft.ProgressBar, ft.Row, ft.SafeArea, ft.Segment, ft.SegmentedButton,
    ft.Semantics, ft.Text, ft.TextButton, ft.TextField, ft.View,
):  # fmt: skip
    assert _control

everything = import_all
