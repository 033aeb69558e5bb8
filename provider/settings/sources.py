"""Where a setting's value comes from: a variable, the document, or a default."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from provider.settings import document
from provider.settings.setting import AnySetting, Setting

Value = TypeVar("Value")
Environ = Mapping[str, str]


class Sources:
    """The environment, and the document that it may hold.

    Making it checks all of the document, also what a variable overrides. Raises
    `ConfigurationError`.
    """

    def __init__(self, environ: Environ, known: Sequence[AnySetting]) -> None:
        self.environ = environ
        self._document = document.read_document(
            environ.get(document.VARIABLE, ""), known
        )

    def read(self, setting: Setting[Value]) -> Value:
        """Return a setting's value. Raises `ConfigurationError`, which names it."""
        if self.origin(setting) == "document":
            value: Value = self._document[setting.path]
            return value
        text = self._text(setting)
        if not text and setting.variable in self.environ and not setting.may_be_blank:
            raise setting.blank()
        text = text or setting.default
        try:
            return setting.kind.from_text(text)
        except ValueError as error:
            raise setting.refused(repr(text), setting.variable, error) from None

    def name(self, setting: AnySetting) -> str:
        """Return where an operator has to look: a variable or a JSON path."""
        if self.origin(setting) == "document":
            return f"{document.ROOT}.{setting.path}"
        return setting.variable

    def origin(self, setting: AnySetting) -> str:
        """Return "environment", "document" or "default"."""
        if self._text(setting):
            return "environment"
        return "document" if setting.path in self._document else "default"

    def _text(self, setting: AnySetting) -> str:
        """Return a variable's value without the blanks around it; blank is unset."""
        return self.environ.get(setting.variable, "").strip()
