"""Pages of A4: what stands on all of them, and how they become a PDF.

Typst lays them out. Everything said reaches it as JSON and is printed as it is: no text is ever read as markup.
"""

import datetime
import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from geodata.branches import read_branches
from geodata.language import T
from geodata.store import Area
from location_model.decision import app_version
from location_model.report.words import Words, sentence

HERE = Path(__file__).parent
FONTS = "font_source_sans_pro"
"""The typeface comes with this wheel; letters it lacks are taken from those inside typst. None of the machine's own."""


def paper(
    area: Area, branch: str, pages: Sequence[dict[str, Any]], words: Words, made_on: datetime.date | None
) -> dict[str, Any]:
    """All that the template draws, in the types of JSON: texts and figures as they are read, shares for bars.

    pages: each with its kind, by which `report.typ` knows how to draw it, and its title.
    """
    day = made_on or datetime.date.today()
    names = {b.id: b.name(words.language) for b in read_branches(area.data_dir).branches}
    return {
        "language": words.language,
        "product": " ".join(["Kernwijzer", app_version()]).strip(),
        "about": " · ".join([sentence(names.get(branch, branch)), area.name, words.day(day)]),
        "day": [day.year, day.month, day.day],
        "sample": words(T("sample data")) if area.sample else "",
        "page_of": words(T("page")),
        "pages": list(pages),
    }


@cache
def _fonts() -> str:
    return str(resources.files(FONTS) / "files")


def compiled(content: dict[str, Any]) -> bytes:
    """The PDF of what `paper` gave."""
    compiler = typst.Compiler(root=str(HERE), font_paths=[_fonts()], ignore_system_fonts=True)
    given = {"content": json.dumps(content, ensure_ascii=False)}
    made = compiler.compile(input=str(HERE / "report.typ"), format="pdf", sys_inputs=given)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made
