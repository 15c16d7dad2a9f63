"""A letter over a real connection, and what the server may say to it."""

import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from hub.core.notices import Letter
from hub.mail.errors import LetterDelayed, LetterRefused, MailTrouble
from hub.mail.smtp import Account, Post
from hub.mail.smtp_url import SmtpUrl

NOW = 1_795_157_100_000
SECRET = "hush-hush"
LETTER = Letter("somchai@school.example", "th", "ฝนหนัก\r\nBcc: x@y", "เริ่มแล้ว\n.\nend\n", "0000-1")


def post(mail: Any, **account: Any) -> Post:
    return Post(SmtpUrl.parse(mail.url), "hub@district.example", Account(**account))


def test_a_letter_arrives_as_it_was_written(mail: Any) -> None:
    post(mail).send(LETTER, NOW)
    (taken,) = mail.taken
    assert (taken.sender, taken.to) == ("hub@district.example", "somchai@school.example")
    assert taken.message["Subject"] == "ฝนหนัก Bcc: x@y"
    assert taken.message["Bcc"] is None
    assert taken.message.get_content().splitlines() == LETTER.body.splitlines()
    assert taken.message["Message-ID"] == "<0000-1@district.example>"
    assert taken.message["Date"].datetime.timestamp() * 1000 == NOW
    assert taken.message["Auto-Submitted"] == "auto-generated"


def test_the_password_comes_from_the_settings_or_from_a_file(mail: Any, tmp_path: Path) -> None:
    mail.password = SECRET
    file = tmp_path / "password"
    file.write_text(f"{SECRET}\n")
    post(mail, username="hub", password=SecretStr(SECRET)).send(LETTER, NOW)
    post(mail, username="hub", password_file=file).send(LETTER, NOW)
    assert len(mail.taken) == 2


def test_a_wrong_password_is_said_without_saying_it(mail: Any) -> None:
    mail.password = "another"
    with pytest.raises(MailTrouble, match=r"refuses the user or the password \(535\)") as trouble:
        post(mail, username="hub", password=SecretStr(SECRET)).send(LETTER, NOW)
    assert SECRET not in repr(trouble.getrepr())
    assert mail.taken == []


def test_no_password_is_sent_unencrypted_to_another_host(mail: Any) -> None:
    mail.password = SECRET
    far = SmtpUrl("0.0.0.0", mail.port)
    with pytest.raises(MailTrouble, match="offers no encryption"):
        Post(far, "hub@district.example", Account("hub", SecretStr(SECRET))).send(LETTER, NOW)
    assert mail.said == ["EHLO"]


@pytest.fixture
def certificate(mail: Any, tmp_path: Path) -> Path:
    """What the server shows, made for the test."""
    made, key = tmp_path / "mail.pem", tmp_path / "mail.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=mail", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(key), "-out", str(made)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    mail.papers = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    mail.papers.load_cert_chain(made, key)
    return made


@pytest.mark.parametrize("from_the_start", [True, False])
def test_a_letter_goes_encrypted(mail: Any, certificate: Path, from_the_start: bool) -> None:
    mail.password, mail.from_the_start = SECRET, from_the_start
    url = SmtpUrl("127.0.0.1", mail.port, tls=from_the_start)
    Post(url, "hub@district.example", Account("hub", SecretStr(SECRET)), certificate).send(LETTER, NOW)
    assert len(mail.taken) == 1
    assert ("STARTTLS" in mail.said) == (not from_the_start)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(mail: Any, certificate: Path) -> None:
    with pytest.raises(MailTrouble, match="is not trusted"):
        Post(SmtpUrl.parse(mail.url), "hub@district.example", Account()).send(LETTER, NOW)
    assert mail.taken == []


def test_a_password_file_that_is_not_there_is_said(mail: Any, tmp_path: Path) -> None:
    with pytest.raises(MailTrouble, match="password_file"):
        post(mail, username="hub", password_file=tmp_path / "none").send(LETTER, NOW)


@pytest.mark.parametrize(
    ("command", "answer", "error"),
    [
        ("RCPT", "550 no such person", LetterRefused),
        ("RCPT", "451 come back later", LetterDelayed),
        ("DATA", "552 too much", LetterRefused),
        ("MAIL", "553 not from you", MailTrouble),
        ("EHLO", "421 closing", MailTrouble),
    ],
)
def test_what_a_server_answers_decides_what_is_tried_again(mail: Any, command: str, answer: str, error: Any) -> None:
    mail.answers |= {command: answer, "HELO": answer}
    with pytest.raises(error):
        post(mail).send(LETTER, NOW)


def test_a_letter_that_was_taken_is_sent_although_the_farewell_fails(mail: Any) -> None:
    mail.answers["QUIT"] = "500 what"
    post(mail).send(LETTER, NOW)
    assert len(mail.taken) == 1


def test_a_server_that_is_not_there_is_trouble() -> None:
    with pytest.raises(MailTrouble, match="cannot be used"):
        Post(SmtpUrl("127.0.0.1", 1), "hub@district.example", Account()).send(LETTER, NOW)
