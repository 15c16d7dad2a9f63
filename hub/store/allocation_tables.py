"""Tables. Keep price lists, needs, and the lines of a round of allocation."""
