"""Loading reference and network data from CSV files in `data/`."""
