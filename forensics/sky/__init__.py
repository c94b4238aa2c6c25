"""Where the sun and the moon stand over a place at a time, and what a person's reading of them allows."""
