"""Reading maps that are released as evidence."""
