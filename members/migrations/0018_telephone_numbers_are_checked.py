from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0017_telephone_numbers_in_international_form")]

    operations = [
        migrations.AlterField(
            model_name='supportcontact',
            name='phone',
            field=models.CharField(blank=True, help_text='As you would dial it, or with + and the code of the country.', max_length=16, verbose_name='telephone'),
        ),
        migrations.AddConstraint(
            model_name='supportcontact',
            constraint=models.CheckConstraint(condition=models.Q(('phone__regex', '^(\\+[1-9][0-9]{4,14}|[0-9]{3,6})?$')), name='support_contact_phone_is_a_number'),
        ),
        migrations.AddConstraint(
            model_name='supportcontact',
            constraint=models.CheckConstraint(condition=models.Q(('second_phone__regex', '^(\\+[1-9][0-9]{4,14}|[0-9]{3,6})?$')), name='support_contact_second_phone_is_a_number'),
        ),
    ]
