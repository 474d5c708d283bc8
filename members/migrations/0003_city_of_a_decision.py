"""A decision names its city: it may now be about an accession, before there is any membership."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Decision = apps.get_model("members", "Decision")
    for decision in Decision._base_manager.filter(city=None).select_related("membership"):
        Decision._base_manager.filter(pk=decision.pk).update(city=decision.membership.city_id)


class Migration(migrations.Migration):
    # On PostgreSQL rows and columns of one table do not change in one transaction.
    atomic = False

    dependencies = [("members", "0002_accessions")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="decision",
            name="city",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="members.city",
                verbose_name="city",
            ),
        ),
    ]
