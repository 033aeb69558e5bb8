"""wasi:http/types.fields, with the rules of a real host."""

import re

from wasmtime.component import Variant

from tests.host.wasi.table import Resource

Headers = list[tuple[str, bytes]]

# What hosts keep to themselves.
# See: https://docs.rs/wasmtime-wasi-http, DEFAULT_FORBIDDEN_HEADERS
FORBIDDEN = frozenset(
    "connection host http2-settings keep-alive proxy-authenticate proxy-authorization "
    "proxy-connection te transfer-encoding upgrade".split()
)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")


class Fields(Resource):
    def __init__(
        self, entries: Headers | None = None, parent: Resource | None = None
    ) -> None:
        super().__init__(parent)
        self._entries = entries or []

    @staticmethod
    def from_list(entries: Headers) -> "Fields | Variant":
        for name, value in entries:
            if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
                return Variant("invalid-syntax")
            if name.lower() in FORBIDDEN:
                return Variant("forbidden")
        return Fields(entries)

    def entries(self) -> Headers:
        return self._entries
