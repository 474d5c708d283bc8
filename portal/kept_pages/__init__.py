"""A copy of every public page, so that most readers cost nothing (decision 0051).

`addresses` says which pages are kept, `versions` when they are out of date, `triggers` what makes
them so. `copies` is what is kept, `stores` where; `answers` is what a reader gets; `middleware`
puts all of it together.
"""
