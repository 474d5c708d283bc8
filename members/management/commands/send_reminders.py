"""Write the reminders that are due: run by a timer, once a day."""

from django.core.management.base import BaseCommand

from members.services import reminders


class Command(BaseCommand):
    help = (
        "Put due reminders into the outbox and take back those that nobody needs. Each is "
        "written once."
    )

    def handle(self, *args: object, **options: object) -> None:
        counted = reminders.remind()
        if counted:
            self.stdout.write(
                f"Reminders: {counted['written']} written, {counted['stopped']} taken back"
            )
