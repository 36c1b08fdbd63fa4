"""Settings are read once, whole, and every wrong one is named."""

from pathlib import Path

import pytest

from headgate.config import S3Store, load_settings
from headgate.core.errors import InvalidInput


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("HEADGATE_"):
            monkeypatch.delenv(name)


def test_without_variables_everything_is_local() -> None:
    settings = load_settings()

    assert (settings.host, settings.port) == ("127.0.0.1", 8400)
    assert settings.database_url is None
    assert settings.object_store.kind == "local"
    assert settings.creative.image_model.kind == "draft"


def test_a_flag_wins_over_a_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HEADGATE_PORT", "1")

    assert load_settings(port=2, home=tmp_path).port == 2
    assert load_settings(port=None).port == 1


def test_nested_variables_choose_an_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADGATE_OBJECT_STORE__KIND", "s3")
    monkeypatch.setenv("HEADGATE_OBJECT_STORE__BUCKET", "pictures")
    monkeypatch.setenv("HEADGATE_OBJECT_STORE__SECRET_KEY", "hush")
    store = load_settings().object_store

    assert isinstance(store, S3Store)
    assert store.bucket == "pictures"
    assert "hush" not in repr(store)


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADGATE_PORT", "many")
    monkeypatch.setenv("HEADGATE_WORKER__SLOTS", "0")
    monkeypatch.setenv("HEADGATE_PROT", "8400")
    with pytest.raises(InvalidInput) as caught:
        load_settings()

    assert {problem.pointer for problem in caught.value.problems} == {
        "HEADGATE_PORT",
        "HEADGATE_WORKER__SLOTS",
        "HEADGATE_PROT",
    }
