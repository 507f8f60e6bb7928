"""The command line: `python -m location_model COMMAND`. One JSON document on stdout with --json; messages on stderr."""

import sys

from geodata.errors import GeodataError
from geodata.settings import Settings
from location_model.cli import app


def main() -> None:
    """Run a command; a GeodataError becomes one clear message and exit code 1."""
    try:
        app()
    except GeodataError as error:
        sys.stderr.write(error.text(Settings.from_env().language) + "\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
