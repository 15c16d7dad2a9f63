"""What the office owns: each asset, its components, its moves and its end."""
