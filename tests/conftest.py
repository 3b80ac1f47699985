"""What all tests share: deterministic property tests, and the reference data where it is there."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "deterministic",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("deterministic")


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of real data for tests; its tests are skipped, aloud, where it is not there."""
    named = os.environ.get("POLLWITNESS_REFERENCE_DATA")
    if not named:
        pytest.skip("reference data: POLLWITNESS_REFERENCE_DATA is not set")
    if not Path(named).is_dir():
        pytest.skip(f"reference data: POLLWITNESS_REFERENCE_DATA names no folder: {named}")
    return Path(named)
