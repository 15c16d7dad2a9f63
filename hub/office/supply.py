"""What people do with the stock beside requests, and the behaviour of the workflows of supply."""

from collections.abc import Mapping

from hub.office import lending, offers, stock_steps
from hub.requesting import Hook

SUPPLY_HOOKS: Mapping[str, Hook] = {**stock_steps.HOOKS, **lending.HOOKS, **offers.HOOKS}
