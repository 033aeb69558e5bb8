"""Requests taken apart: JSON and forms, checked as the API checks them."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from local_upstream.errors import ApiError

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart form: its plain fields, and its files by their field's name."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    def model(self) -> str:
        """Return the model asked for. Raises `ApiError`."""
        if "model" not in self.fields:
            raise missing("model")
        return self.fields["model"]

    def file(self, name: str) -> list[bytes]:
        """Return the files of a field, one or more. Raises `ApiError`."""
        # A list of files is sent under `name[]`.
        found = self.files.get(name) or self.files.get(f"{name}[]")
        if not found:
            raise missing(name)
        return found

    def is_streamed(self) -> bool:
        """Tell whether the reply is to be a stream."""
        return self.fields.get("stream", "").lower() == "true"


def missing(name: str) -> ApiError:
    """Build the error for a parameter that is not there."""
    message = f"Missing required parameter: '{name}'."
    return ApiError(400, message, "missing_required_parameter", param=name)


def wrong(name: str, expected: str) -> ApiError:
    """Build the error for a parameter that makes no sense."""
    message = f"Invalid value for '{name}': expected {expected}."
    return ApiError(400, message, "invalid_value", param=name)


async def read_json(request: web.Request, **required: type | tuple[type, ...]) -> Json:
    """Read an object that has a model and members of these types. Raises `ApiError`."""
    wanted: dict[str, type | tuple[type, ...]] = {"model": str, **required}
    return await read_object(request, **wanted)


async def read_object(
    request: web.Request, **required: type | tuple[type, ...]
) -> Json:
    """Read an object that has members of these types. Raises `ApiError`."""
    try:
        asked = await request.json()
    except ValueError:
        raise ApiError(400, "Could not parse the JSON body.") from None
    for name, types in required.items():
        if not isinstance(asked, dict) or not isinstance(asked.get(name), types):
            raise missing(name)
    return dict(asked)


async def read_form(request: web.Request) -> Form:
    """Read a multipart form. Raises `ApiError`."""
    if request.content_type != "multipart/form-data":
        raise ApiError(400, "Expected a body of multipart/form-data.")
    try:
        posted = await request.post()
    except ValueError:
        raise ApiError(400, "Could not parse the multipart form.") from None
    form = Form()
    for name, value in posted.items():
        if isinstance(value, web.FileField):
            with value.file as file:
                form.files[name].append(file.read())
        else:
            form.fields[name] = str(value)
    return form
