from collections.abc import Callable
from typing import Any

import pytest

from agent.errors import BadReply, LinkLost
from agent.protocols.codec import Peer
from agent.protocols.command_output import MAX_OUTPUT, codec
from firmware_profiles.links import CommandProtocol

Hold = Callable[..., tuple[bytes, Any]]
COMMAND = codec(CommandProtocol(name="command"), Peer(set_id="1"))


def test_all_of_the_output_is_the_answer(hold: Hold) -> None:
    assert hold(COMMAND.ask("-a {set_id}"), [b"power ", b"status: on\n"]) == (b"-a 1\n", "power status: on\n")


def test_output_that_has_not_ended_is_no_answer(hold: Hold) -> None:
    with pytest.raises(LinkLost):
        hold(COMMAND.ask("x"), [b"power"], closes=False)


def test_a_program_that_says_nothing_is_lost(hold: Hold) -> None:
    with pytest.raises(LinkLost, match="said nothing"):
        hold(COMMAND.ask("x"), [])


def test_too_much_output_is_refused(hold: Hold) -> None:
    with pytest.raises(BadReply):
        hold(COMMAND.ask("x"), [b"x" * MAX_OUTPUT, b"x"])


def test_what_is_no_text_is_shown_as_such(hold: Hold) -> None:
    assert hold(COMMAND.ask("x"), [b"\xff"])[1] == "�"
