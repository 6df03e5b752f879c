"""What the command line says by itself, in Vietnamese: headings of its help, and what is wrong with a command."""

import sys
from collections.abc import Callable

import typer
from typer import rich_utils
from typer._click import exceptions as click  # typer brings a click of its own, and names only some of its exceptions
from typer.core import TyperGroup

_HEADINGS = {
    "ARGUMENTS_PANEL_TITLE": "Điều cần ghi",
    "OPTIONS_PANEL_TITLE": "Tùy chọn",
    "COMMANDS_PANEL_TITLE": "Lệnh",
    "DEFAULT_STRING": "[nếu không ghi: {}]",
    "ENVVAR_STRING": "[hoặc biến môi trường: {}]",
    "REQUIRED_LONG_STRING": "[bắt buộc]",
}


def run(app: typer.Typer) -> None:
    """Run the command line and end the process. A command that cannot be understood is answered by one sentence and
    how to get help, with exit code 2."""
    for name, words in _HEADINGS.items():
        setattr(rich_utils, name, words)
    try:
        code = app(prog_name="tungnha", standalone_mode=False)
    except typer.Abort:
        print("Đã dừng.", file=sys.stderr)
        sys.exit(130)
    except click.NoArgsIsHelpError:  # the help is printed
        sys.exit(2)
    except click.ClickException as error:
        print(what_is_wrong(error), file=sys.stderr)
        sys.exit(error.exit_code)
    sys.exit(code if isinstance(code, int) else 0)


def what_is_wrong(error: click.ClickException) -> str:
    """One sentence for what was typed, and where help is."""
    said = next((say(error) for kind, say in _SAID if isinstance(error, kind)), error.format_message())
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "tungnha"
    return f"{said} Xem cách dùng: {path} --help"


def _missing(error: click.MissingParameter) -> str:
    return f"Thiếu {_name(error)}."


def _unknown_option(error: click.NoSuchOption) -> str:
    near = f" Có phải {', '.join(error.possibilities)}?" if error.possibilities else ""
    return f"Không có tùy chọn {error.option_name}.{near}"


def _wrong_option(error: click.BadOptionUsage) -> str:
    return f"Sau {error.option_name} phải ghi một giá trị."


def _wrong_value(error: click.BadParameter) -> str:
    return f"Giá trị của {_name(error)} không dùng được."


def _no_command(error: click.UsageError) -> str:
    """A group says so of a word that is no command; what else it says is rare."""
    group = error.ctx.command if error.ctx else None
    if isinstance(group, TyperGroup):
        return f"Không có lệnh như vậy. Các lệnh: {', '.join(group.list_commands(error.ctx))}."  # type: ignore[arg-type]
    return "Lệnh này có phần thừa hoặc chưa đúng."


def _no_file(error: click.FileError) -> str:
    return f"Không mở được tệp {error.ui_filename}."


def _name(error: click.BadParameter) -> str:
    named = error.param.opts[0] if error.param and error.param.opts else str(error.param_hint or "")
    return named if named.startswith("-") else f"“{named}”"


_SAID: tuple[tuple[type[click.ClickException], Callable[..., str]], ...] = (
    (click.MissingParameter, _missing),
    (click.NoSuchOption, _unknown_option),
    (click.BadOptionUsage, _wrong_option),
    (click.BadParameter, _wrong_value),
    (click.UsageError, _no_command),
    (click.FileError, _no_file),
)
