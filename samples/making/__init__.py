"""How the sample media are rendered: one module, one idea. Only `samples/make.py` uses it."""
