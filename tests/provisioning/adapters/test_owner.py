"""Root among the agent's files. Links stand in for whatever somebody who has taken the agent over may put there.

Who is not root does all this as themselves, and may not either: each test holds for both.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.adapters.files import DiskFiles
from provisioning.adapters.owner import as_owner, is_within
from provisioning.errors import OperatorError

NOBODY = 65534


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """The agent's folder, beside one that is not the agent's."""
    others = tmp_path / "others"
    (others / "precious").mkdir(parents=True)
    (others / "precious" / "file").write_text("precious")
    state = tmp_path / "state"
    state.mkdir()
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and folder.name.startswith(("pytest-", "popen-")):
            folder.chmod(0o755)
    tmp_path.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(state, NOBODY, NOBODY)
    for each in (others / "precious", others):
        each.chmod(0o555)
    yield state
    for each in (others, others / "precious"):
        each.chmod(0o755)


@pytest.fixture
def files(state: Path) -> DiskFiles:
    return DiskFiles(state)


def test_what_is_made_there_is_the_agents(files: DiskFiles, state: Path) -> None:
    files.folder(state / "identities" / "one", 0o700)
    files.write(state / "identities" / "one" / "key.pem", b"key", 0o600)
    files.point(state / "identity", state / "identities" / "one")
    owner = state.stat().st_uid
    made = [state / "identities", state / "identities/one", state / "identities/one/key.pem", state / "identity"]
    assert {each.lstat().st_uid for each in made} == {owner}
    assert files.read(state / "identity" / "key.pem", 10) == b"key"
    assert files.target(state / "identity") == (state / "identities" / "one").resolve()
    assert os.geteuid() == os.getuid()


def test_a_link_in_the_middle_of_a_name_leads_nowhere(files: DiskFiles, state: Path) -> None:
    (state / "identities").symlink_to(state.parent / "others")
    with pytest.raises(OperatorError):
        files.remove(state / "identities" / "precious")
    with pytest.raises(OperatorError):
        files.write(state / "identities" / "precious" / "file", b"mine")
    with pytest.raises(OperatorError):
        files.folder(state / "identities" / "mine")
    assert (state.parent / "others" / "precious" / "file").read_text() == "precious"


def test_a_link_that_leads_out_is_not_followed_to_where_root_would_write(files: DiskFiles, state: Path) -> None:
    (state / "identity").symlink_to(state.parent / "others" / "precious")
    with pytest.raises(OperatorError, match="leads out"):
        files.target(state / "identity")


def test_a_pipe_is_not_waited_for(files: DiskFiles, state: Path) -> None:
    os.mkfifo(state / "key.pem", 0o666)
    (state / "key.pem").chmod(0o666)
    assert files.read(state / "key.pem", 10) == b""


def test_elsewhere_nobody_changes(state: Path) -> None:
    before = os.geteuid()
    for path in (state, state.parent / "others", state / ".." / "others"):
        with as_owner(state, path):
            assert os.geteuid() == before
    assert not is_within(state, state / ".." / "state-2")
