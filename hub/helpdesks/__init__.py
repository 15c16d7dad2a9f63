"""Help desks of others, each behind the same port."""
