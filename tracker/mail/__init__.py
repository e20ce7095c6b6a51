"""What leaves as mail, and where it is kept in local use. Rows in, bytes out."""
