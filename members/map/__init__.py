"""The map of the network: its projection, its parts and the dots of the cities.

Two units occur. A *unit* is one step of the drawing (`viewBox`), about 4 km. A *CSS pixel* is what
the reader sees when the drawing is `SHOWN_WIDTH` pixels wide; the smaller the view, the fewer units
it is.

Everything but `cities` is pure Python without models: `data/map/build_land.py` draws the land with
the same projection.
"""
