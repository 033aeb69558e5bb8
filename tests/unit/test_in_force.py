import json

from openai_component.settings import SETTINGS
from provider.settings.in_force import in_force
from provider.settings.sources import Sources
from tests.unit.fakes import KEY

DOCUMENT = json.dumps({"config": {"timeout_ms": 5000, "default_model": "kimi"}})


def test_tells_of_each_setting_where_its_value_is_from() -> None:
    environ = {"PROXY_CONFIG": DOCUMENT, "OPENAI_MODEL": "llama"}
    shown = in_force(Sources(environ, SETTINGS), SETTINGS, "OPENAI_API_KEY")
    assert shown["default_model"] == {"value": "llama", "from": "OPENAI_MODEL"}
    assert shown["timeout_ms"] == {"value": 5000, "from": "document"}
    assert shown["auth"] == {"value": "bearer", "from": "default"}
    assert {s.path for s in SETTINGS if s.path} <= shown.keys()


def test_tells_of_secrets_only_whether_they_are_there() -> None:
    environ = {"OPENAI_API_KEY": KEY, "PROXY_ACCESS_TOKENS": "tok-1,tok-2"}
    shown = in_force(Sources(environ, SETTINGS), SETTINGS, "OPENAI_API_KEY")
    assert (shown["OPENAI_API_KEY"], shown["PROXY_ACCESS_TOKENS"]) == ("set", "2 set")
    assert KEY not in str(shown) and "tok-1" not in str(shown)
    bare = in_force(Sources({}, SETTINGS), SETTINGS, "OPENAI_API_KEY")
    assert bare["OPENAI_API_KEY"] == bare["PROXY_ACCESS_TOKENS"] == "not set"
