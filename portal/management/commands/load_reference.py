"""Load the reference data from `data/reference/`."""

from portal.loading.run import LoadCommand
from portal.loading.tables import REFERENCE


class Command(LoadCommand):
    help = (
        "Load the plan, the grounds of discrimination and the countries. Again and again without "
        "doubling."
    )
    folders = ("reference",)
    tables = REFERENCE
