"""What is wrong with a hub and its surroundings, and how to mend it. Looks only; changes nothing."""
