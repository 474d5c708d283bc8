"""The open data: one description of each public kind of rows.

Pages' tables, the API, the dictionary and the catalogue are made from these descriptions.
"""
