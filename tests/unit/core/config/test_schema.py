"""Messages of the schema: many mistakes of one kind cost little more than one."""

from __future__ import annotations

import pytest
from seedbed.core.config import schema
from seedbed.core.config.schema import SHOWN, schema_errors


def test_what_is_alike_is_looked_for_only_where_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    found = schema.did_you_mean
    monkeypatch.setattr(schema, "did_you_mean", lambda key, known: looked.append(key) or found(key, known))
    kind = {"properties": {"key_0000": {}}, "additionalProperties": False}
    messages = schema_errors({f"key_{number:05d}": 1 for number in range(5000)}, kind)
    assert len(messages) == 5000 and len(looked) == SHOWN
    assert all("did you mean 'key_0000'?" in message for message in messages[:SHOWN])
    assert messages[-1] == "the top level: unknown key 'key_04999'"
