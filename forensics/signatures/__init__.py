"""Signatures: short codes of single pictures, by which copies of them are found."""
