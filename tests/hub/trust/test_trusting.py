"""Trust follows what was decided, by whichever process, while devices are served."""

import socket
import ssl
import subprocess
from typing import Any

import pytest
from cryptography import x509

from hub.pki.authority import Authority
from hub.pki.errors import PkiUnusable
from hub.trust.opening import open_authority

DAY = 86_400_000


def revoked(hub: Any) -> int:
    told = (hub.settings.data_dir / "pki" / "crl.pem").read_bytes()
    lists = [b"-----BEGIN" + part for part in told.split(b"-----BEGIN")[1:]]
    assert len(lists) == len(hub.trusting.authority.roots)
    return sum(len(x509.load_pem_x509_crl(each)) for each in lists)


def greeted_by(device: Any) -> bytes:
    context = ssl.create_default_context(cadata=device.root)
    context.verify_flags |= ssl.VerifyFlags(0x200000)
    plain = socket.create_connection(("127.0.0.1", device.port), timeout=60)
    with plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
        return secure.getpeercert(binary_form=True) or b""


def test_a_revocation_by_another_process_is_on_the_list_within_seconds(hub: Any, device: Any, soon: Any) -> None:
    device.enrol(hub.code())
    hub.trusting.start()
    assert revoked(hub) == 0
    hub.revoke()
    soon(lambda: revoked(hub) == 1)


def test_a_rotation_by_another_process_is_followed_without_a_restart(
    hub: Any, device: Any, make_device: Any, soon: Any
) -> None:
    hub.trusting.start()
    before = greeted_by(device)
    Authority(hub.settings.data_dir / "pki", hub.clock()).rotate(hub.clock())
    soon(lambda: greeted_by(device) != before)
    assert device.ask("/v1/trust")[1]["roots"] == list(hub.trusting.authority.trust)
    assert len(hub.trusting.authority.trust) == 2
    young = make_device(hub)
    assert young.root != device.root
    assert young.ask("/v1/trust")[0] == 200


def test_a_device_of_before_a_rotation_renews_with_the_old_root_and_learns_the_new(
    hub: Any, device: Any, another: Any
) -> None:
    held = device.enrol(hub.code())[1]
    hub.trusting.authority.rotate(hub.clock())
    hub.trusting.look()
    status, told = device.write(held["certificate"], "/v1/node", "{}")
    assert (status, len(told["trust"])) == (200, 2)
    assert device.enrol(hub.code("7"))[1]["chain"] == list(hub.trusting.authority.chain) != []


def test_its_certificate_is_renewed_daily_where_it_is_time(hub: Any, device: Any) -> None:
    hub.trusting.look()
    before = greeted_by(device)
    hub.clock.now += 30 * DAY
    assert hub.trusting.look()
    assert greeted_by(device) == before
    hub.clock.now += 31 * DAY
    assert hub.trusting.look()
    assert greeted_by(device) != before
    assert not hub.trusting.look()


def test_what_fails_is_tried_again(hub: Any, device: Any) -> None:
    hub.trusting.look()
    told: list[int] = []

    def fails_once() -> None:
        told.append(1)
        if len(told) == 1:
            raise OSError("no space")

    hub.trusting.listen(fails_once)
    device.enrol(hub.code())
    with pytest.raises(OSError, match="no space"):
        hub.trusting.look()
    assert hub.trusting.look()
    assert len(told) == 2


def test_openssl_as_a_client_trusts_the_listener(hub: Any, device: Any, tmp_path: Any) -> None:
    (tmp_path / "root.pem").write_text(device.root)
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{device.port}", "-CAfile", str(tmp_path / "root.pem")]
    command += ["-verify_return_error", "-verify_ip", "127.0.0.1", "-x509_strict", "-attime", str(hub.clock() // 1000)]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert b"Verify return code: 0 (ok)" in done.stdout
    old = subprocess.run([*command, "-tls1_1"], input=b"", capture_output=True, timeout=60, check=False)
    assert old.returncode != 0


def test_an_authority_that_was_lost_is_not_made_anew_once_computers_were_let_in(
    hub: Any, device: Any, tmp_path: Any
) -> None:
    assert open_authority(tmp_path / "first", hub.store, hub.clock()).active.number == 1
    device.enrol(hub.code())
    with pytest.raises(PkiUnusable, match="backup"):
        open_authority(tmp_path / "second", hub.store, hub.clock())
    assert open_authority(hub.settings.data_dir / "pki", hub.store, hub.clock()).trust == hub.trusting.authority.trust
