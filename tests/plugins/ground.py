"""What is the same for every test: a home of its own, cheap passwords, calm property tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest

hypothesis.settings.register_profile(
    "pifa",
    deadline=None,  # a busy machine is no defect
    database=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("pifa")


@pytest.fixture(scope="session", autouse=True)
def _settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests' pictures and files out of the market's home."""
    from django.test import override_settings

    home = tmp_path_factory.mktemp("home")
    (home / "static").mkdir()
    with override_settings(
        HOME=home,
        MEDIA_ROOT=home / "media",
        STATIC_ROOT=home / "static",
        LAKE=home / "lake",
        # The tests sign in hundreds of times and guard no secret.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield
