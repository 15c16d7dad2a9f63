"""Names that definitions may use and that stand for something outside them: forms, and behaviour of the hub."""

DOCUMENTS = frozenset({*(f"F{number:02d}" for number in range(1, 36)), "M01", "M02"})
"""The register of forms, as the offices' manuals name them, the memorandum, and the letter to a vendor."""
HOOKS = frozenset(
    {
        "check_by_telemetry",
        "suggest_branch",
        "open_need",
        "ask_rating",
        "only_if_recovered",
        "merge_repairs",
        "fill_plan",
        "check_budget",
        "reserve_lines",
        "release_lines",
        "confirm_by_telemetry",
        "close_needs",
        "take_from_stock",
        "put_into_stock",
        "tell_parent",
        "unbind_line",
        "lend_out",
        "take_back",
        "take_back_some",
        "judge_offers",
    }
)
"""Behaviour that the hub can attach to a transition; an offered type may only name what is attached."""
