"""The child process that decodes pictures: few rights, little memory, one line for each file.

It is started by :mod:`pollwitness.evidence.pictures`. It reads requests as JSON lines and answers
each with a JSON line; whatever a hostile file does to it, the parent only sees that it ended.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings
from pathlib import Path

MOST_PIXELS = 120_000_000
MEMORY = 3 << 30
SECONDS = 120
LARGEST_OUTPUT = 64 << 20
_QUALITY = 88
_ORIENTATION, _MODEL, _MADE, _GPS, _EXIF, _TAKEN = 0x0112, 0x0110, 0x010F, 0x8825, 0x8769, 0x9003

Answer = dict[str, "str | int | list[str] | None"]


def limit() -> None:
    """Give up memory, time, large files and further programs."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_OUTPUT), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32), (resource.RLIMIT_NPROC, 0),
    ):  # fmt: skip
        resource.setrlimit(kind, (most, most))


def looked_at(path: Path, derivative: Path | None) -> Answer:
    """What a picture shows to a program: hash, codes, metadata; and its clean copy, if wanted."""
    import numpy as np  # noqa: PLC0415 (after the limits are set)
    import zxingcpp  # noqa: PLC0415
    from PIL import Image, ImageOps  # noqa: PLC0415

    from pollwitness.evidence.pdq import pdq  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    # What Pillow only warns of, up to twice as many pixels, is refused too.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(path) as opened:
        claimed = _claimed(opened)
        plain = opened.convert("RGB")
        turned = ImageOps.exif_transpose(opened).convert("RGBA")
        # What lies under transparent parts is not seen, and must not appear in the copy.
        whole = Image.new("RGB", turned.size, (255, 255, 255))
        whole.paste(turned, mask=turned.getchannel("A"))
    digest, quality = pdq(np.asarray(plain))
    codes = [code.text for code in zxingcpp.read_barcodes(whole) if code.text]
    answer: Answer = {
        "width": whole.width, "height": whole.height, "pdq": digest, "quality": quality,
        "codes": codes[:20], **claimed,
    }  # fmt: skip
    if derivative is not None:
        # A new picture, so that nothing but pixels can go over.
        bare = Image.frombytes("RGB", whole.size, whole.tobytes())
        stream = io.BytesIO()
        bare.save(stream, "JPEG", quality=_QUALITY, optimize=True)
        derivative.write_bytes(stream.getvalue())
    return answer


def _claimed(opened: object) -> Answer:
    """What the device claims in EXIF: the time, the place, its name."""
    from PIL import Image  # noqa: PLC0415

    if not isinstance(opened, Image.Image):
        return {}
    exif = opened.getexif()
    inner, gps = exif.get_ifd(_EXIF), exif.get_ifd(_GPS)
    device = " ".join(str(exif[tag]).strip() for tag in (_MADE, _MODEL) if tag in exif)
    place = " ".join(str(gps[tag]) for tag in (1, 2, 3, 4) if tag in gps)
    taken = inner.get(_TAKEN)
    return {
        "device": _printable(device), "place": _printable(place),
        "taken": None if taken is None else _printable(str(taken)),
    }  # fmt: skip


def _printable(text: str) -> str | None:
    kept = "".join(letter for letter in text if letter.isprintable())[:200].strip()
    return kept or None


def main() -> None:
    """Answer requests until there are no more."""
    limit()
    for line in sys.stdin:
        request = json.loads(line)
        target = request.get("derivative")
        try:
            answer = looked_at(Path(request["path"]), None if target is None else Path(target))
        except Exception as error:  # noqa: BLE001 (a hostile file may raise anything)
            answer = {"refused": f"it cannot be decoded ({type(error).__name__})"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
