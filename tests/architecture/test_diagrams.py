from tools.diagrams import PAGE, page


def test_the_drawn_states_are_those_of_the_code() -> None:
    assert PAGE.read_text("utf-8") == page()
