"""Load and faults, on loopback and against own processes only: `make bench`, `make faults`."""
