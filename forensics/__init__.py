"""What a released video, picture or map can and cannot show, recorded so that others can audit it."""

__version__ = "0.1.0"
