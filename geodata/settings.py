"""What differs between machines, read once at the door and passed in."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from geodata.language import DEFAULT_LANGUAGE, LANGUAGES

OVERPASS_URL = "https://overpass-api.de/api"
NOMINATIM_URL = "https://nominatim.openstreetmap.org/"


@dataclass(frozen=True)
class Settings:
    """Where data live, which services may be asked, which language is spoken.

    database_url: the PostgreSQL server that keeps saved work; without one a file in the data directory does. It may
    hold a password, and is never shown.
    """

    data_dir: Path = Path("data")
    language: str = DEFAULT_LANGUAGE
    overpass_url: str = OVERPASS_URL
    nominatim_url: str = NOMINATIM_URL
    online_geocoding: bool = False
    database_url: str = field(default="", repr=False)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Settings from `KERNWIJZER_*` variables and `DATABASE_URL`; what is not set keeps its default."""
        env = os.environ if environ is None else environ
        language = env.get("KERNWIJZER_LANGUAGE", DEFAULT_LANGUAGE)
        return cls(
            data_dir=Path(env.get("KERNWIJZER_DATA", "data")),
            language=language if language in LANGUAGES else DEFAULT_LANGUAGE,
            overpass_url=env.get("KERNWIJZER_OVERPASS", OVERPASS_URL),
            nominatim_url=env.get("KERNWIJZER_NOMINATIM", NOMINATIM_URL),
            online_geocoding=env.get("KERNWIJZER_GEOCODE", "") == "1",
            database_url=env.get("DATABASE_URL", "").strip(),
        )
