"""A timestamp authority of our own: certificates made here, answers by `openssl ts`."""

import datetime
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
signer_digest = sha256
"""


class Authority:
    """Answers requests; ``pem`` is the certificate that readers trust."""

    def __init__(self, folder: Path, name: str = "Authority", *, expired: bool = False) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        now = datetime.datetime.now(datetime.UTC)
        years = datetime.timedelta(days=365)
        first, last = (now - 3 * years, now - years) if expired else (now - years, now + 5 * years)
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} root")])
        made = self._certificate(root_name, root_name, root_key.public_key(), first, last)
        root = made.add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        ).sign(root_key, hashes.SHA256())
        own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        leaf = self._certificate(own, root_name, key.public_key(), first, last).add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        ).sign(root_key, hashes.SHA256())  # fmt: skip
        self.pem = root.public_bytes(Encoding.PEM)
        (folder / "leaf.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
        (folder / "chain.pem").write_bytes(self.pem)
        (folder / "key.pem").write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        (folder / "serial").write_text("01\n")
        (folder / "config").write_text(CONFIG.format(folder=folder))

    @staticmethod
    def _certificate(subject, issuer, public, first, last):
        return (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
            .serial_number(x509.random_serial_number()).not_valid_before(first)
            .not_valid_after(last)
        )  # fmt: skip

    def answer(self, request: bytes, *, with_root: bool = False) -> bytes:
        """The response to a request; with the root among its certificates, if wanted."""
        query = self.folder / "query"
        query.write_bytes(request)
        chain = ["-chain", self.folder / "chain.pem"] if with_root else []
        subprocess.run(
            ["openssl", "ts", "-reply", "-config", self.folder / "config", "-section", "here",
             "-queryfile", query, "-inkey", self.folder / "key.pem", "-signer",
             self.folder / "leaf.pem", *chain, "-sha256", "-out", self.folder / "response"],
            check=True, capture_output=True,
        )  # fmt: skip
        return (self.folder / "response").read_bytes()
