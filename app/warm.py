"""Imports and touches what the first screens need, so that the browser does it while Flutter is still starting."""

import flet as ft

import app.main  # noqa: F401  every screen comes with it

# Flet loads a control's module at its first use; these are the ones the first screens draw.
for _control in (
    ft.Button, ft.Chip, ft.Column, ft.Container, ft.Dropdown, ft.FilledButton, ft.Icon, ft.IconButton, ft.ListTile,
    ft.NavigationBar, ft.OutlinedButton, ft.ProgressBar, ft.Row, ft.SafeArea, ft.Segment, ft.SegmentedButton,
    ft.Semantics, ft.Text, ft.TextButton, ft.TextField, ft.View,
):  # fmt: skip
    assert _control
