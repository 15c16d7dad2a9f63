"""What the device decides without touching anything: no files, no network, no clock."""
