from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0044_summary_for_every_reader")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="office_ground",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Only for an e-mail address or a number that looks like one person’s: the page or the paper in which the office gives it as its own.",
                max_length=300,
                verbose_name="where the office names it",
            ),
        )
        for name in ("supportcontact", "unit")
    ]
