"""`dltv-hub enrol`, `revoke` and `ca`, as an operator types them."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from hub.__main__ import main
from hub.core.equipment import NodeKey
from hub.enrolment.service import Enrolment
from hub.mqtt.host_client import utc_ms
from hub.pki.authority import Authority
from hub.pki.keys import new_key, write_key
from hub.store.audit import entries
from hub.store.enrolment import EnrolmentRows
from hub.store.opening import open_store
from hub.trust.installing import DEVICES_KEY, key_pin
from provisioning.core.contract import EnrolRequest, Hardware, read_code
from tests.stores import database

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    """What a command ends with, prints and complains of."""
    open_store(database(tmp_path / "hub.db")).close()

    def run(*words: str) -> tuple[int, str, str]:
        code = main([*words, "--data-dir", str(tmp_path)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def codes(printed: str) -> list[str]:
    return re.findall(r"(?:[A-Z0-9]{4}-){3}[A-Z0-9]{4}", printed)


def join(directory: Path, code: str) -> NodeKey:
    """A computer uses the code."""
    key = ec.generate_private_key(ec.SECP256R1())
    csr = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
    request = EnrolRequest(read_code(code), csr.public_bytes(Encoding.PEM).decode(), Hardware("", "", "", ""))
    store = open_store(database(directory / "hub.db"))
    with store.begin() as work:
        enrolment = Enrolment(Authority(directory / "pki", utc_ms()), 90)
        answer = enrolment.enrol(EnrolmentRows(work.connection), request, "192.0.2.1", utc_ms())
    store.close()
    return answer.node  # type: ignore[union-attr]


def test_a_batch_tells_its_codes_once_and_the_fingerprint(typed: Typed, tmp_path: Path) -> None:
    code, out, _ = typed("enrol", "batch", "--schools", "36100042,36100043", "7", "--days", "3")
    assert code == 0
    assert len(codes(out)) == 3
    assert Authority(tmp_path / "pki", utc_ms()).active.fingerprint in out
    _, listed, _ = typed("enrol", "list")
    assert codes(listed) == []
    assert listed.count("code  until") == 3


def test_for_what_no_code_was_made_is_told(typed: Typed, tmp_path: Path) -> None:
    join(tmp_path, codes(typed("enrol", "batch", "--schools", "7")[1])[0])
    code, out, err = typed("enrol", "batch", "--schools", "7", "8")
    assert (code, len(codes(out))) == (0, 1)
    assert "7: no code; it has a computer" in err
    assert typed("enrol", "batch", "--schools", "7")[0] == 2
    assert "7-2" in typed("enrol", "batch", "--schools", "7", "--further")[1]


def test_schools_that_the_register_has_not_are_named_in_one_line_with_the_way_out(typed: Typed, tmp_path: Path) -> None:
    assert "the register has no schools" in typed("enrol", "batch", "--schools", "7")[2]
    (tmp_path / "schools.csv").write_text("code,name\n36030001,บ้านหนองน้ำใส\n", "utf-8")
    typed("schools", "import", str(tmp_path / "schools.csv"), "--apply")
    code, out, err = typed("enrol", "batch", "--schools", "36030001", "8", "9")
    assert (code, len(codes(out))) == (0, 1)
    assert "no code for 8, 9: not in the register of dltv; " in err
    assert "dltv-hub schools import FILE --apply" in err
    assert typed("enrol", "batch", "--schools", "8")[0] == 2


def test_each_code_comes_with_the_line_to_paste_at_its_computer(typed: Typed, tmp_path: Path) -> None:
    assert (
        "there is no line to paste: devices cannot reach this hub yet" in typed("enrol", "batch", "--schools", "7")[2]
    )
    (tmp_path / "hub.toml").write_text('[devices]\nlisten = "127.0.0.1:8443"\n', "ascii")
    there = ("--config", str(tmp_path / "hub.toml"))
    assert "start it once" in typed("enrol", "batch", "--schools", "7", *there)[2]
    authority = Authority(tmp_path / "pki", utc_ms())
    write_key(authority.folder, DEVICES_KEY, new_key())
    out = typed("enrol", "batch", "--schools", "7", *there)[1]
    pin = key_pin(authority, DEVICES_KEY)
    assert f"curl -fsSk --pinnedpubkey '{pin}' https://127.0.0.1:8443/install.sh | sudo sh -s -- {codes(out)[0]}" in out
    assert "install.ps1" in out


def test_the_list_shows_who_is_in_and_who_is_out(typed: Typed, tmp_path: Path) -> None:
    assert "nobody" in typed("enrol", "list")[1]
    join(tmp_path, codes(typed("enrol", "batch", "--schools", "7")[1])[0])
    assert "dltv/7  trusted" in typed("enrol", "list")[1]
    code, out, _ = typed("revoke", "7", "--reason", "card stolen")
    assert (code, "is shut out" in out) == (0, True)
    assert re.search(r"dltv/7  revoked .*card stolen", typed("enrol", "list")[1])
    assert len(x509.load_pem_x509_crl((tmp_path / "pki" / "crl.pem").read_bytes())) == 1
    with closing(open_store(database(tmp_path / "hub.db"))) as store:
        [last, *_] = entries(store)
    assert (last.who, last.what, last.subject) == ("command", "node.revoked", "node:dltv/7")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("revoke", "9", "--reason", "x"), "no computer dltv/9"),
        (("revoke", "9", "--reason", "x", "--group", "other"), "--group: name one of dltv"),
        (("enrol", "batch", "--schools", "9", "--days", "0"), "--days"),
        (("ca", "retire", "1"), "dltv-hub ca rotate"),
        (("ca", "retire", "5"), "there is no root 5"),
    ],
)
def test_a_mistake_is_one_line(typed: Typed, words: tuple[str, ...], told: str) -> None:
    code, _, err = typed(*words)
    assert code == 2
    assert told in err
    assert len(err.splitlines()) == 1


def test_a_root_is_rotated_and_then_retired_when_nobody_needs_it(typed: Typed, tmp_path: Path) -> None:
    join(tmp_path, codes(typed("enrol", "batch", "--schools", "7")[1])[0])
    assert re.search(r"^1 .* 1 +issues", typed("ca", "show")[1], re.MULTILINE)
    _, out, _ = typed("ca", "rotate")
    assert re.search(r"^1 .* 1 +counts", out, re.MULTILINE)
    assert re.search(r"^2 .* 0 +issues", out, re.MULTILINE)
    code, _, err = typed("ca", "retire", "1")
    assert (code, "1 computers hold certificates of root 1" in err) == (2, True)
    code, out, _ = typed("ca", "retire", "1", "--even-so")
    assert code == 0
    assert not re.search(r"^1 ", out, re.MULTILINE)
    assert "PRIVATE" not in out


def test_without_a_hub_there_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLTV_HUB_STORE__URL", f"sqlite:///{tmp_path / 'elsewhere' / 'hub.db'}")
    assert main(["ca", "show", "--data-dir", str(tmp_path / "elsewhere")]) == 2
    assert "--data-dir" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere").exists()
