"""Views: one page, one function. They read with selectors, write with actions, and render."""
