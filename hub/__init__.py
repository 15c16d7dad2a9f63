"""The program in the centre: it takes in what the schools report, judges it, and keeps the repair tickets."""
