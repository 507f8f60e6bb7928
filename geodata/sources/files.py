"""What every reader asks of a file before it opens it."""

from pathlib import Path

from geodata.errors import GeodataError
from geodata.language import T


def require_file(path: Path) -> None:
    """Raise GeodataError when the file does not exist, is a folder, or is empty."""
    if not path.is_file():
        raise GeodataError(T("the file does not exist."), where=str(path), remedy=T("Check the name and the folder."))
    if path.stat().st_size == 0:
        raise GeodataError(
            T("the file is empty."),
            where=str(path),
            remedy=T("Copy or download it again; the copy may have been cut off."),
        )
