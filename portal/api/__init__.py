"""The read-only API, made from the descriptions of `portal.open_data`."""
