import json

from provider.compact_json import encode_json


def test_encodes_compactly_and_survives_half_surrogates() -> None:
    assert encode_json({"a": [1, "ü"]}) == '{"a":[1,"ü"]}'.encode()
    assert json.loads(encode_json({"a": "x\ud83d"})) == {"a": "x\ud83d"}
