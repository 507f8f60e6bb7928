"""The one kind of error that reaches a user: what is wrong, where, and how to mend it."""

from geodata.language import Text


class GeodataError(ValueError):
    """Something in the data or the question cannot be used.

    `what` says what is wrong, `where` names the file, row or field, `remedy` says what to do.
    Pages and the command line show `text(language)`; nobody shows a traceback.
    """

    def __init__(self, what: Text, *, where: str = "", remedy: Text | None = None) -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """The whole message in one language."""
        head = f"{self.where}: " if self.where else ""
        tail = f" {self.remedy.to(language)}" if self.remedy else ""
        return f"{head}{self.what.to(language)}{tail}"
