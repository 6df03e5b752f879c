"""A disk of a few megabytes, which a test fills: a tmpfs, so it needs the right to mount one."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path

PAGE = 4096


class NoMount(Exception):
    """This process may not mount a file system."""


class SmallDisk:
    """The folder where the disk is mounted, and a file on it that takes what is to be taken."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._ballast = folder, folder / "ballast"

    def fill(self, left: int) -> None:
        """Take everything but so many pages of 4 KB."""
        with self._ballast.open("ab", buffering=0) as file:
            try:
                while file.write(bytes(PAGE)):
                    pass
            except OSError as error:
                if error.errno != ENOSPC:
                    raise
            file.truncate(max(0, file.tell() // PAGE - left) * PAGE)

    def free(self) -> None:
        """Give everything back."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A new disk at this folder, gone at the end. Raises `NoMount`."""
    folder.mkdir()
    size = f"size={megabytes}m,mode=700"
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoMount from error
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
