"""What touches the world: disk, network, keys, services."""
