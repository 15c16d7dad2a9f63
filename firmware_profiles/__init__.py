"""Models of equipment as data: one TOML file each, and what reads and checks them. Pure: standard library and pydantic only."""
