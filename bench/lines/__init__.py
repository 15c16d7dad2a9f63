"""The lines and ports that equipment hangs on: they know no protocols."""
