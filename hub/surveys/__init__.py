"""Questions to schools, filled in beforehand, confirmed or corrected by them."""
