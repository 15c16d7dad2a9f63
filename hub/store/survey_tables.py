"""Tables. Keep surveys, what was filled in for a school and what it answered."""
