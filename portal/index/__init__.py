"""The index of everything public: what stands in it, and keeping it right in the transaction of the
row that it comes from.

**A new kind of thing to be found** takes three steps:

1. a line in `kinds.KINDS`: a name, and a function in `entries` that says for a row and a language
   what its entry is (`Entry`). The model is a `Record` with `public()` and `get_absolute_url()`;
   what `public()` leaves out has no rows here.
2. a line in `kinds.PARTS` for every further model whose texts stand in that entry, or whose rows
   decide what it says: whose rows are refreshed when one of its own is saved or deleted.
3. its words in `portal.hits.KINDS` (one and many). A test compares the two lists.

Then `manage.py rebuild_index`. The texts go in as they are; folding, stems, vocabulary and ranking
follow. Private files and drafts stay out because only texts of public rows are asked for: use
`public()` on parts too.
"""

from portal.index.kinds import DATED, KINDS, PARTS
from portal.index.writing import batch_writes, rebuild, refresh, write, write_due

__all__ = ["DATED", "KINDS", "PARTS", "batch_writes", "rebuild", "refresh", "write", "write_due"]
