"""From arrivals to committed reports: sessions, aliases, order, journals, acknowledgements."""
