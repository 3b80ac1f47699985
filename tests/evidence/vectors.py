"""Where the published vectors are."""

from pathlib import Path


def vectors(reference_data: Path, name: str) -> Path:
    """A folder of vectors, beside the reference data."""
    folder = reference_data.parent / "vectors" / name
    assert folder.is_dir(), f"{folder} is missing"
    return folder
