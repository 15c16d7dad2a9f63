"""What sequences the decisions of the core against the ports."""
