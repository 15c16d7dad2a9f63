"""What is physically true of a kind of equipment, whatever it speaks: a display, a projector, a receiver."""
