from tools.workflow_page import PAGE, page


def test_the_drawn_workflows_are_those_that_are_shipped() -> None:
    assert PAGE.read_text("utf-8") == page()
