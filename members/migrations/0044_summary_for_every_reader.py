from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0043_links_to_a_provider'),
    ]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='gets_summaries',
            field=models.BooleanField(default=True, help_text='One a month at most. If nothing waits, there is no letter.', verbose_name='a letter about what waits'),
        ),
    ]
