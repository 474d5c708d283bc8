"""What the query string of an address says of the page itself.

Pages where people sign in take `?language=`. Where that is a filter of a list, or the list has
other filters, the language of the page has a name of its own. The part of the page at which it
opens has one too: a fragment would be lost while somebody signs in, because no server sees it.
"""

PAGE_LANGUAGE = "page_language"
PAGE_PART = "page_part"
