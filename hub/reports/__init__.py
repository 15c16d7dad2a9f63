"""What the office reports, by month, quarter and fiscal year."""
