"""A file that a form brings, and the content as a file: workbooks are read from files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import Request
from starlette.datastructures import UploadFile

from survey.vietnamese import clean


async def sent_file(request: Request) -> tuple[str, bytes]:
    """The name and the content of the form's field `file`; nothing of either where none was chosen."""
    async with request.form(max_files=1, max_fields=5) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            return "", b""
        return clean(Path(sent.filename or "").name)[-100:] or "danh-sach", await sent.read()


@contextmanager
def as_file(name: str, content: bytes) -> Iterator[Path]:
    """The content as a file of this name, for the time of the block."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / (Path(name).name or "danh-sach")
        file.write_bytes(content)
        yield file
