"""Traces of editing in pixels: pure methods, from their papers, without the vocabulary of findings."""
