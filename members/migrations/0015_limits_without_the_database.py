from django.db import migrations, models


class Migration(migrations.Migration):
    """The limit of a text is the form's and the model's; no column changes."""

    dependencies = [
        ("members", "0014_geonames_id_and_party_pages"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="lettertext",
                    name="text",
                    field=models.TextField(
                        help_text="Plain text. An empty line begins a new paragraph.",
                        verbose_name="text",
                    ),
                ),
            ]
        )
    ]
