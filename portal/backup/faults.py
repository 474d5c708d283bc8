"""Why a backup cannot be made or restored, in a sentence for the administrator."""


class BackupFault(Exception):
    """Nothing was changed; the text says why, and what to do."""


class DamagedBackup(BackupFault):
    """The archive is not what was written once."""

    def __init__(self, reason: object) -> None:
        super().__init__(f"The archive is damaged or incomplete ({reason}). Use another backup.")
