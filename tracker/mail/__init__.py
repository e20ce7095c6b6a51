"""Mail: rows in, messages out. Nothing here writes to the register."""
