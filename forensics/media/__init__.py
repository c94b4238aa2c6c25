"""The only code that touches media bytes."""
