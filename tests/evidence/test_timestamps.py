"""Timestamps: published responses, and those of an authority of our own."""

import datetime
import re
import shutil

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pollwitness.evidence.timestamps import TimestampError, check_timestamp, request_for
from tests.evidence.authority import Authority
from tests.evidence.vectors import vectors

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?", re.DOTALL)


def chain(file):
    content = file.read_bytes()
    found = CERTIFICATE.findall(content)
    return found or [x509.load_der_x509_certificate(content).public_bytes(Encoding.PEM)]


@pytest.mark.parametrize(
    ("name", "message", "said"),
    [
        ("sigstage/response-sha256", b"hello", "2025-05-09"),
        ("sigstage/response-sha384", b"hello", "2025-05-09"),
        ("sigstage/response-sha512", b"hello", "2025-05-09"),
        ("sigstage/response-no-embedded-cert", b"hello", "2025-06-18"),
        ("sigstage/response-invalid-signature", b"hello", "signature failure"),
        ("sigstage/response-sha256", b"hallo", "Mismatch"),
        ("test_tsa/response", b"hello", "2024-10-08"),
        ("test_tsa/response-injected-certs", b"hello", "2024-10-08"),
        ("test_tsa/other_response", b"hello", "unable to get local issuer"),
        ("identrust/issue-104", b"hello", "2025-03-11"),
        ("sigstore.mock/response-expired", None, "2023-02-01"),
    ],
)
def test_published_responses(reference_data, name, message, said):
    """A certificate that has ended since the token was made does not end the token."""
    file = vectors(reference_data, "rfc3161") / "test" / "fixtures" / f"{name}.tsr"
    asked = (file.parent / "payload").read_bytes() if message is None else message
    trusted = chain(file.parent / "ts_chain.pem")
    if said.startswith("20"):
        assert str(check_timestamp(file.read_bytes(), asked, trusted).moment.date()) == said
    else:
        with pytest.raises(TimestampError, match=said):
            check_timestamp(file.read_bytes(), asked, trusted)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tsa") / "a")


@pytest.mark.parametrize("with_root", [False, True])
def test_an_authority_of_our_own(authority, with_root):
    response = authority.answer(request_for(b"checkpoint"), with_root=with_root)
    found = check_timestamp(response, b"checkpoint", [authority.pem])
    apart = datetime.datetime.now(datetime.UTC) - found.moment
    assert abs(apart.total_seconds()) < 60
    with pytest.raises(TimestampError):
        check_timestamp(response, b"another", [authority.pem])


def test_what_the_reader_refuses_is_read_by_openssl(authority, monkeypatch):
    """Certificates out of strict order, as `openssl ts` may write them."""
    response = authority.answer(request_for(b"checkpoint"), with_root=True)

    def refuse(_response):
        raise ValueError("not in strict order")

    monkeypatch.setattr("pollwitness.evidence.timestamps.decode_timestamp_response", refuse)
    found = check_timestamp(response, b"checkpoint", [authority.pem])
    assert found.checked_by == "openssl"
    with pytest.raises(TimestampError, match="does not hold"):
        check_timestamp(response, b"another", [authority.pem])
    with pytest.raises(TimestampError, match="is no timestamp"):
        check_timestamp(b"nonsense", b"checkpoint", [authority.pem])
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(TimestampError, match="which is not there"):
        check_timestamp(response, b"checkpoint", [authority.pem])


def test_authorities_that_nobody_trusts_or_that_had_ended(authority, tmp_path):
    response = authority.answer(request_for(b"m"))
    other, ended = Authority(tmp_path / "b", "Other"), Authority(tmp_path / "c", expired=True)
    with pytest.raises(TimestampError):
        check_timestamp(response, b"m", [other.pem])
    with pytest.raises(TimestampError, match="no certificate"):
        check_timestamp(response, b"m", [])
    with pytest.raises(TimestampError, match="cannot be read"):
        check_timestamp(response, b"m", [b"-----BEGIN CERTIFICATE-----\nAA\n"])
    with pytest.raises(TimestampError, match="bytes is not read"):
        check_timestamp(bytes(200_000), b"m", [authority.pem])
    with pytest.raises(TimestampError, match="expired"):
        check_timestamp(ended.answer(request_for(b"m")), b"m", [ended.pem])


def test_a_digest_that_nobody_should_use(authority, monkeypatch):
    monkeypatch.setattr("pollwitness.evidence.timestamps._IMPRINT_HASHES", {"1.2.3"})
    response = authority.answer(request_for(b"m"))
    with pytest.raises(TimestampError, match="over a digest other than"):
        check_timestamp(response, b"m", [authority.pem])
