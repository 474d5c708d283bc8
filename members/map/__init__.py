"""The map of the network: its projection, its parts and the dots of the cities.

Two units occur. A *unit* is 4.1 km of land, in the projection. A *CSS pixel* is one step of a
drawing (`viewBox`): how many a unit has depends on the part that is drawn.

Everything but `cities` is pure Python without models: `data/map/build_locator.py` draws land and
water with the same projection.
"""
