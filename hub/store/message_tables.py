"""Tables. Keep what is to be told to people and to other programs until it is told."""
