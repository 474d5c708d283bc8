"""The network in figures: numbers counted from public rows of real cities.

Modules here count. `figure` says what a figure is, `drawing` where its marks lie, `tables` writes
it as a file; the view puts them together.
"""
