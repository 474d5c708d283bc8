from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("languages", "0005_full_text_of_names")]

    operations = [
        migrations.AddField(
            model_name="freshness",
            name="source_text",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
