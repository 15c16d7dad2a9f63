"""Programs of the workshop: they run, prepare and picture the project; none of them is installed."""
