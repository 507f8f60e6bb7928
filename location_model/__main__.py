"""The command line: `python -m location_model COMMAND`. One JSON document on stdout with --json; messages on stderr."""

import sys

from geodata.errors import GeodataError
from geodata.language import T
from geodata.settings import Settings
from location_model.cli import app


def main() -> None:
    """Run a command; a GeodataError, or a disk that refuses, becomes one clear message and exit code 1."""
    try:
        app()
    except (GeodataError, OSError) as error:
        clear = error if isinstance(error, GeodataError) else _refused(error)
        sys.stderr.write(clear.text(Settings.from_env().language) + "\n")
        sys.exit(1)


def _refused(error: OSError) -> GeodataError:
    return GeodataError(
        T("reading or writing here failed ({reason}).", reason=error.strerror or type(error).__name__),
        where=str(error.filename or ""),
        remedy=T("Check the folder, its permissions and the room on the disk; --data names another folder."),
    )


if __name__ == "__main__":
    main()
