"""The language of a page, in the query string of its address.

Pages where people sign in take `?language=`. Where that is a filter of a list, or the list has
other filters, the language of the page has this name.
"""

PAGE_LANGUAGE = "page_language"
