"""Dutch and English: texts are written in English where they are used and translated when shown.

A `Text` is a message with its values, not yet in any language, so that the core can say why a
site is good, or what is wrong with a file, without knowing who reads it. Catalogues are the
`.po` files in `geodata/locales/<language>/`; they are read as they are, so nothing needs compiling.
"""

import datetime
import gettext
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = ("nl", "en")
DEFAULT_LANGUAGE = "nl"
LOCALES = {"nl": "nl_BE", "en": "en_GB"}
LOCALES_DIR = Path(__file__).parent / "locales"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """All catalogues of one language as one; English is the source and needs none."""
    merged = Catalog(locale=language)
    for path in sorted((LOCALES_DIR / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.string and not message.fuzzy:
                    merged[message.id] = message
    if not len(merged):
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True)
class Text:
    """A translatable message: English template, values by name, and a count where it has a plural."""

    message: str
    values: tuple[tuple[str, object], ...] = ()
    plural: str = ""
    count: int = 0

    def to(self, language: str) -> str:
        """The message in a language ("nl" or "en"), numbers and dates as that language writes them."""
        catalogue = translations(language)
        template = (
            catalogue.ngettext(self.message, self.plural, self.count)
            if self.plural
            else catalogue.gettext(self.message)
        )
        if not self.values and not self.plural:
            return template
        shown = {name: show(value, language) for name, value in self.values}
        if self.plural:
            shown.setdefault("count", show(self.count, language))
        return template.format(**shown)

    def __str__(self) -> str:
        return self.to("en")


def T(message: str, **values: object) -> Text:  # noqa: N802 - the gettext keyword, short on purpose
    """Mark a message for translation: `T("{name} is empty", name=path.name)`."""
    return Text(message, tuple(values.items()))


def TN(one: str, many: str, count: int, **values: object) -> Text:  # noqa: N802 - as T
    """Mark a message with a plural; `{count}` may stand in both forms."""
    return Text(one, tuple(values.items()), many, count)


def show(value: object, language: str) -> str:
    """A value as a reader of the language writes it; floats with at most one decimal, strings as they are."""
    if isinstance(value, Text):
        return value.to(language)
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int):
        return format_decimal(value, locale=LOCALES[language])
    if isinstance(value, float):
        digits = "#,##0" if abs(value) >= 100 else "#,##0.#"
        return format_decimal(value, format=digits, locale=LOCALES[language])
    if isinstance(value, datetime.date):
        return format_date(value, format="medium", locale=LOCALES[language])
    return str(value)
