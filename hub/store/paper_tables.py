"""Tables. Give every paper its running number once."""
