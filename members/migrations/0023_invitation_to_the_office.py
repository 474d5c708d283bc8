"""Say in a column of its own that somebody is invited to the secretariat.

Until now an invitation without a city meant it. Those that were sent keep their meaning.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark_those_without_a_city(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    invitations = apps.get_model("members", "Invitation").objects
    invitations.filter(city=None, role="").update(to_office=True)


class Migration(migrations.Migration):
    dependencies = [("members", "0022_constraints_without_words")]

    operations = [
        migrations.RemoveConstraint("invitation", "invitation_to_a_city_names_a_role"),
        migrations.AddField(
            "invitation",
            "to_office",
            models.BooleanField(default=False, verbose_name="to the secretariat"),
        ),
        migrations.RunPython(mark_those_without_a_city, migrations.RunPython.noop),
        migrations.AddConstraint(
            "invitation",
            models.CheckConstraint(
                condition=models.Q(city__isnull=True, role="", to_office=True)
                | (
                    models.Q(city__isnull=False, to_office=False)
                    & models.Q(("role", ""), _negated=True)
                ),
                name="invitation_to_a_city_names_a_role",
            ),
        ),
    ]
