"""RFC 3161 timestamps: what an authority says about when bytes were there.

A token is checked at the time that it states: certificates have to be valid then, and may have
ended since. Responses that the reader does not take (certificates that are not in strict DER order,
which `openssl ts` writes) are checked by the openssl program instead.

References: RFC 3161; RFC 5816.
"""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from pollwitness.errors import RefusedError

MOST_BYTES = 100_000
_TIME = re.compile(r"^Time stamp: (\w{3} +\d+ \d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$", re.MULTILINE)
_REASON = re.compile(r'(?:reason: "|Verify error: )([^"]+)"')
_IMPRINT_HASHES = {"2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"}


class TimestampError(RefusedError):
    """A timestamp does not hold, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Timestamped:
    """When an authority saw the bytes, and by which program this was checked."""

    moment: datetime.datetime
    checked_by: str


def request_for(message: bytes) -> bytes:
    """The request (DER) that an authority answers for these bytes, by their SHA-256."""
    builder = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256)
    return bytes(builder.cert_request(cert_request=True).nonce(nonce=True).build().as_bytes())


def check_timestamp(response: bytes, message: bytes, authorities: Sequence[bytes]) -> Timestamped:
    """Check a response over a message against trusted certificates (PEM).

    Raises:
        TimestampError: if it does not hold; the text says why.
    """
    if not authorities:
        raise TimestampError("no certificate of an authority is trusted")
    if len(response) > MOST_BYTES:
        raise TimestampError(f"a response of more than {MOST_BYTES:,} bytes is not read")
    try:
        roots = [x509.load_pem_x509_certificate(one) for one in authorities]
    except ValueError as error:
        raise TimestampError("a trusted certificate cannot be read") from error
    parsed = _parsed(response)
    if parsed is None:
        return _by_openssl(response, message, roots, shutil.which("openssl"))
    if str(parsed.tst_info.message_imprint.hash_algorithm.dotted_string) not in _IMPRINT_HASHES:
        raise TimestampError("the timestamp is over a digest other than SHA-256, 384 or 512")
    builder = VerifierBuilder(roots=roots)
    signer = _signer(parsed, roots)
    try:
        (builder if signer is None else builder.tsa_certificate(signer)).build().verify_message(
            parsed, message
        )
    except (VerificationError, ValueError) as error:
        found = _REASON.findall(str(error))
        reason = found[-1] if found else str(error)
        raise TimestampError(f"the timestamp does not hold: {reason}") from error
    return Timestamped(parsed.tst_info.gen_time.astimezone(datetime.UTC), "rfc3161-client")


def _parsed(response: bytes) -> TimeStampResponse | None:
    """The response, or None where it is for openssl to read."""
    try:
        parsed = decode_timestamp_response(response)
        # The certificates are read here, so that another order of them is noticed.
        _ = parsed.signed_data.certificates, parsed.tst_info.gen_time
    except ValueError:
        return None
    return parsed


def _signer(
    parsed: TimeStampResponse, trusted: Sequence[x509.Certificate]
) -> x509.Certificate | None:
    """The trusted certificate that signed a response which holds none itself."""
    if parsed.signed_data.certificates:
        return None
    named = {(one.issuer, one.serial_number) for one in parsed.signed_data.signer_infos}
    return next((one for one in trusted if (one.issuer, one.serial_number) in named), None)


def _by_openssl(
    response: bytes, message: bytes, roots: Sequence[x509.Certificate], openssl: str | None
) -> Timestamped:
    if openssl is None:
        raise TimestampError("the response needs openssl to be read, which is not there")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "response").write_bytes(response)
        (folder / "message").write_bytes(message)
        pem = b"".join(root.public_bytes(Encoding.PEM) for root in roots)
        (folder / "trusted").write_bytes(pem)
        # The token alone: what stands around it in a response is signed by nobody.
        _run([openssl, "ts", "-reply", "-in", "response", "-token_out", "-out", "token"], folder)
        said = _run([openssl, "ts", "-reply", "-in", "token", "-token_in", "-text"], folder)
        found = _TIME.search(said.stdout)
        if said.returncode or found is None:
            raise TimestampError("the response is no timestamp")
        moment = datetime.datetime.strptime(f"{found[1]} {found[2]} +0000", "%b %d %H:%M:%S %Y %z")
        checked = _run(
            [openssl, "ts", "-verify", "-data", "message", "-in", "token", "-token_in", "-CAfile",
             "trusted", "-attime", str(int(moment.timestamp()))],
            folder,
        )  # fmt: skip
    if checked.returncode:
        lines = [line for line in checked.stderr.splitlines() if "error" in line.lower()]
        raise TimestampError(
            f"the timestamp does not hold: {(lines or ['openssl refuses it'])[-1]}"
        )
    return Timestamped(moment, "openssl")


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (fixed words and a path that was looked up)
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=30,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
