"""What is wrong with a file of settings, told by the file's name."""

from pathlib import Path

from provider.settings import document
from wire.errors import ConfigurationError


def told(error: Exception, config: Path | None) -> str:
    """Return the message of `error`, with the file's name if it is about the file.

    The guest, which finds the error, has the text and not the name.
    """
    message = str(error)
    if config is None or not isinstance(error, ConfigurationError):
        return message
    named = message.replace(document.VARIABLE, str(config))
    is_member = message.startswith(f"{document.ROOT}.")
    if is_member or (named == message and error.code == "invalid_config"):
        return f"{config}: {message}"
    return named
