"""One module for each step; the log tables are made by the first and never changed."""
