"""What people and other programs see: pages, JSON API, live updates."""
