"""A round of allocation: its plan, its lines, and how each is carried out."""
