import logging
import shutil
import stat
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from hub.core.equipment import NodeKey
from hub.enrolment.certificate import Revoked
from hub.pki.authority import Authority
from hub.pki.errors import NoSuchRoot, PkiUnusable
from hub.pki.kept import keep_server
from hub.pki.revocation_list import revocation_list
from provisioning.core.contract import RENEW, ContractError, ErrorCode, Letter

NOW = 1_800_000_000_000
DAY = 86_400_000
NODE = NodeKey("cpm3", "36100042")
OPENSSL = shutil.which("openssl")


def openssl_verifies(
    folder: Path,
    leaf: str,
    trusted: Iterable[str],
    chain: Iterable[str] = (),
    *,
    at: int = NOW,
    more: Iterable[str] = (),
    crl: bytes = b"",
) -> str:
    """What `openssl verify -x509_strict` says of it; OK or its complaint."""
    folder.mkdir(exist_ok=True)
    files = {"leaf": leaf.encode(), "ca": "".join(trusted).encode(), "chain": "".join(chain).encode(), "crl": crl}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    command = [str(OPENSSL), "verify", "-x509_strict", "-attime", str(at // 1000), "-CAfile", str(folder / "ca")]
    command += ["-untrusted", str(folder / "chain")] if files["chain"] else []
    command += ["-crl_check", "-CRLfile", str(folder / "crl")] if crl else []
    done = subprocess.run(
        [*command, *more, str(folder / "leaf")], capture_output=True, text=True, timeout=60, check=False
    )
    return "OK" if done.returncode == 0 else done.stderr + done.stdout


def test_a_node_s_certificate_is_good_to_openssl_as_a_client_and_nothing_else(
    authority: Authority, device: Any, tmp_path: Path
) -> None:
    issued = authority.node(device.csr(), NODE, 90, NOW)
    verify = tmp_path / "v"
    assert openssl_verifies(verify, issued.pem, authority.trust, more=["-purpose", "sslclient"]) == "OK"
    assert "unsuitable" in openssl_verifies(verify, issued.pem, authority.trust, more=["-purpose", "sslserver"])
    assert openssl_verifies(verify, issued.pem, authority.trust, at=NOW - DAY + 1000) == "OK"
    assert "expired" in openssl_verifies(verify, issued.pem, authority.trust, at=NOW + 91 * DAY)
    assert issued.expires_at == NOW + 90 * DAY


def test_nothing_of_the_request_is_believed_but_its_key(authority: Authority, device: Any) -> None:
    issued = authority.node(device.csr(name="36999999"), NODE, 90, NOW)
    certificate = x509.load_pem_x509_certificate(issued.pem.encode())
    assert certificate.subject.rfc4514_string() == "CN=36100042,OU=cpm3"
    assert certificate.public_key() == device.key.public_key()
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert issued.key == authority.requested(device.csr())
    assert int(issued.serial, 16) == certificate.serial_number


def test_a_key_that_is_too_weak_or_of_another_kind_is_refused(authority: Authority) -> None:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    weak = builder.sign(ec.generate_private_key(ec.SECP192R1()), SHA256())
    other = builder.sign(rsa.generate_private_key(65537, 2048), SHA256())
    for request in (weak, other):
        with pytest.raises(ContractError, match="P-256") as refused:
            authority.node(request.public_bytes(Encoding.PEM).decode(), NODE, 90, NOW)
        assert refused.value.code is ErrorCode.CSR_REFUSED


def test_a_request_that_another_key_signed_is_refused(authority: Authority, device: Any, another: Any) -> None:
    genuine = x509.load_pem_x509_csr(device.csr().encode())
    data = bytearray(genuine.public_bytes(Encoding.DER))
    data[-3] ^= 1
    forged = x509.load_der_x509_csr(bytes(data)).public_bytes(Encoding.PEM).decode()
    for csr in (forged, "", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----"):
        with pytest.raises(ContractError) as refused:
            authority.node(csr, NODE, 90, NOW)
        assert refused.value.code is ErrorCode.CSR_REFUSED


def test_a_revoked_certificate_is_on_the_list_that_openssl_reads(
    authority: Authority, device: Any, another: Any, tmp_path: Path
) -> None:
    stolen, good = (authority.node(each.csr(), NODE, 90, NOW) for each in (device, another()))
    crl = revocation_list(authority, [Revoked(stolen.serial, stolen.issuer, NOW)], NOW)
    assert "revoked" in openssl_verifies(tmp_path / "v", stolen.pem, authority.trust, crl=crl)
    assert openssl_verifies(tmp_path / "v", good.pem, authority.trust, crl=crl) == "OK"


def test_after_a_rotation_both_ends_trust_whatever_they_know(
    authority: Authority, device: Any, another: Any, tmp_path: Path
) -> None:
    before = authority.node(device.csr(), NODE, 90, NOW)
    (old,) = authority.trust
    authority.rotate(NOW)
    after = authority.node(another().csr(), NODE, 90, NOW)
    _, new = authority.trust
    verify = tmp_path / "v"
    assert openssl_verifies(verify, before.pem, authority.trust) == "OK"
    assert openssl_verifies(verify, after.pem, authority.trust, authority.chain) == "OK"
    assert openssl_verifies(verify, after.pem, [old], authority.chain) == "OK"
    assert openssl_verifies(verify, after.pem, [new]) == "OK"
    assert openssl_verifies(verify, after.pem, [old]) != "OK"
    crl = revocation_list(authority, [Revoked(each.serial, each.issuer, NOW) for each in (before, after)], NOW)
    for each in (before, after):
        assert "revoked" in openssl_verifies(verify, each.pem, authority.trust, crl=crl)


def test_a_device_that_slept_through_two_rotations_still_trusts(authority: Authority, tmp_path: Path) -> None:
    (first,) = authority.trust
    authority.rotate(NOW)
    authority.rotate(NOW)
    kept = keep_server(authority, "devices", ["hub.example.org"], NOW)
    assert openssl_verifies(tmp_path / "v", kept.certificate.read_text(), [first], authority.chain) == "OK"


def test_a_retired_root_counts_no_more_and_its_key_is_gone(authority: Authority, device: Any) -> None:
    before = authority.node(device.csr(), NODE, 90, NOW)
    letter = device.letter(before.pem, RENEW, "{}")
    authority.rotate(NOW)
    assert authority.sender(letter, RENEW)[0] == NODE
    authority.retire(1)
    assert authority.chain == ()
    assert [root.number for root in authority.roots] == [2]
    assert not [name for name in authority.folder.names() if "-1." in name]
    with pytest.raises(ContractError, match="authority"):
        authority.sender(letter, RENEW)


def test_only_the_oldest_root_is_retired_and_never_the_one_that_issues(authority: Authority) -> None:
    authority.rotate(NOW)
    authority.rotate(NOW)
    for number, why in ((3, "issues"), (2, "links"), (7, "no root 7")):
        with pytest.raises(NoSuchRoot, match=why):
            authority.retire(number)


def test_another_process_s_rotation_is_followed(authority: Authority, directory: Path) -> None:
    assert not authority.refreshed()
    other = Authority(directory, NOW)
    other.rotate(NOW)
    assert authority.refreshed()
    assert authority.active.fingerprint == other.active.fingerprint
    assert authority.bundle.read_text() == "".join(other.trust)


def test_a_fingerprint_is_the_one_that_openssl_tells(authority: Authority) -> None:
    command = [str(OPENSSL), "x509", "-noout", "-fingerprint", "-sha256"]
    told = subprocess.run(command, input=authority.trust[0], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.split("=")[1].strip().replace(":", "").lower() == authority.active.fingerprint


def test_all_is_kept_from_others_from_birth(authority: Authority, directory: Path) -> None:
    keep_server(authority, "devices", ["hub.example.org", "192.0.2.7"], NOW)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in directory.iterdir()} == {0o600}


@pytest.mark.parametrize("name", ["authority-1.key", "."])
def test_what_others_can_read_is_refused(authority: Authority, directory: Path, name: str) -> None:
    (directory / name).chmod(0o750 if name == "." else 0o640)
    with pytest.raises(PkiUnusable, match="chmod"):
        Authority(directory, NOW)


@pytest.mark.parametrize("content", [None, b"", b"nonsense"])
def test_a_key_that_is_lost_or_spoilt_is_told_and_no_new_authority_made(
    authority: Authority, directory: Path, content: bytes | None
) -> None:
    key = directory / "authority-1.key"
    if content is None:
        key.unlink()
    else:
        key.write_bytes(content)
    with pytest.raises(PkiUnusable, match="backup"):
        Authority(directory, NOW)


def test_a_root_half_made_by_a_power_cut_is_made_again(authority: Authority, directory: Path) -> None:
    authority.rotate(NOW)
    (directory / "authority-2.pem").unlink()
    again = Authority(directory, NOW)
    assert [root.number for root in again.roots] == [1]
    again.rotate(NOW)
    assert [root.number for root in again.roots] == [1, 2]


def test_a_letter_is_known_by_its_key_and_stands_for_its_place_only(
    authority: Authority, device: Any, another: Any
) -> None:
    issued = authority.node(device.csr(), NODE, 90, NOW)
    letter = device.letter(issued.pem, RENEW, '{"csr":"x"}')
    assert authority.sender(letter, RENEW) == (NODE, issued)
    wrong = [
        (letter, "/v1/node"),
        (Letter(letter.certificate, 2, letter.letter, letter.signature), RENEW),
        (Letter(letter.certificate, 1, '{"csr":"y"}', letter.signature), RENEW),
        (Letter(letter.certificate, 1, letter.letter, "!!"), RENEW),
        (Letter(letter.certificate, 1, letter.letter, "ลายเซ็น"), RENEW),
        (another().letter(issued.pem, RENEW, "{}"), RENEW),
        (Letter("nonsense", 1, letter.letter, letter.signature), RENEW),
        (Letter(authority.trust[0], 1, letter.letter, letter.signature), RENEW),
    ]
    for each, path in wrong:
        with pytest.raises(ContractError) as refused:
            authority.sender(each, path)
        assert refused.value.code is ErrorCode.LETTER_REFUSED


def test_a_certificate_of_another_authority_is_refused_although_the_names_are_right(
    authority: Authority, device: Any, tmp_path: Path
) -> None:
    foreign = Authority(tmp_path / "elsewhere", NOW).node(device.csr(), NODE, 90, NOW)
    with pytest.raises(ContractError, match="authority"):
        authority.sender(device.letter(foreign.pem, RENEW, "{}"), RENEW)


def test_the_hub_s_own_client_certificate_writes_no_letters_of_a_node(authority: Authority, device: Any) -> None:
    own = authority.client("hub-cpm3", device.key.public_key(), 90, NOW)
    with pytest.raises(ContractError, match="not that of a node"):
        authority.sender(device.letter(own, RENEW, "{}"), RENEW)


def test_nothing_of_a_key_is_shown_or_logged(authority: Authority, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        authority.rotate(NOW)
    keys = [name for name in authority.folder.names() if name.endswith(".key")]
    secrets = [authority.folder.file(name).read_text().splitlines()[1] for name in keys]
    assert len(secrets) == 2
    for shown in (repr(authority.roots), caplog.text, str(authority)):
        assert not any(secret in shown for secret in secrets)
        assert "PrivateKey" not in shown


def test_by_a_clock_that_is_wrong_by_years_no_root_is_made(tmp_path: Path) -> None:
    with pytest.raises(PkiUnusable, match="clock"):
        Authority(tmp_path / "pki", 1_000_000)
    assert Authority(tmp_path / "pki", NOW).active.number == 1
