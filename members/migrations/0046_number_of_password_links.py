from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0045_where_an_office_names_its_mailbox")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="link_number",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                editable=False,
                verbose_name="number of the link to a new password",
            ),
        ),
    ]
