"""The hub watches itself: what is wrong with it, from a few signs. hub/watchman.py gathers these and tells people."""
