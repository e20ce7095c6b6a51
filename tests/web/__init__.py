"""The pages, one test file each, and the words and times that they show."""
