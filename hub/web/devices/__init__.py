"""The device API: what computers of schools ask of the hub, over HTTPS of the hub's own authority, on a listener of its own."""
