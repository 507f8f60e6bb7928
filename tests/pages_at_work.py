"""The app as tests open it: one page, in one language, with choices in its address."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

APP = Path(__file__).resolve().parents[1] / "app.py"


def open_page(name: str, language: str = "en", **choices: str) -> AppTest:
    """A page as somebody sees it who follows a link with these choices."""
    app = AppTest.from_file(str(APP), default_timeout=30)
    for key, value in {"lang": language, **choices}.items():
        app.query_params[key] = value
    app.run()
    app.switch_page(f"pages/{name}.py")
    return app.run()


def places(app: AppTest) -> dict[str, Any]:
    """What the ranked list was given."""
    return dict(json.loads(gzip.decompress(app.get("bidi_component")[0].proto.bytes)))


def deck(app: AppTest) -> dict[str, Mapping[str, Any]]:
    """The layers of the map by id."""
    return {layer["id"]: layer for layer in json.loads(app.get("deck_gl_json_chart")[0].proto.json)["layers"]}
