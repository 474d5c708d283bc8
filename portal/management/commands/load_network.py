"""Load the network data from `data/network/`."""

from portal.loading.run import LoadCommand
from portal.loading.tables import NETWORK, NETWORK_FOLDERS


class Command(LoadCommand):
    help = "Load the cities, memberships, contacts and programmes that public sources evidence."
    folders = [f"network/{folder}" for folder in NETWORK_FOLDERS]
    tables = NETWORK
