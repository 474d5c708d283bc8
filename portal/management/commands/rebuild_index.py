"""Write the whole index again from the rows."""

from django.core.management.base import BaseCommand

from portal import index


class Command(BaseCommand):
    help = "Write the index of lists and search again from the rows. Safe at any time: each kind in one transaction."

    def handle(self, *args: object, **options: object) -> None:
        for model in index.KINDS:
            count = index.rebuild(model)
            self.stdout.write(f"{model._meta.label}: {count} rows")
