"""Cases: what is written about them, and how they are read back. A case is nothing but its entries."""
