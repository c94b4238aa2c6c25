"""Indexes over binary codes: which of many millions lie within so many bits? Arrays in, arrays out."""
