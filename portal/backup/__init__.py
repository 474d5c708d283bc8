"""Backups: one archive of the database and the files, from which a portal can be made again.

The archive does not know which database it came from: SQLite or PostgreSQL can take it.
`docs/operations.md` has the commands, decision 0052 the reasons.
"""
