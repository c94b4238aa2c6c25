"""Earlier copies: which known assets share pictures or coded streams with the one in hand."""
