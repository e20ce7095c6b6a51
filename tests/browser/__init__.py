"""The pages in a real browser: policy, accessibility, width, and life without JavaScript."""
