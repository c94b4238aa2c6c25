"""What is claimed of the world, and tests of an asset against it."""
