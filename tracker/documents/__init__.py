"""What a file says: judged by its content, decoded, its text taken out. For sources (reading.py).

No rows, no settings, no clock, no network. What may be hostile is read in a process of its own,
which alone loads the libraries that do it.
"""
