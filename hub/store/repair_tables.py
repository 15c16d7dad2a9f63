"""Tables. Let a repair be a request with its ticket, its reports and its trip."""
