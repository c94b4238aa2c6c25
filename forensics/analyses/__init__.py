"""One file is one analysis; none imports another."""
