"""Telephone numbers as people wrote them become E.164, or the digits of a short number.

What stood beside the numbers ("then 1", "from abroad"), and a text without a number, stays word for
word in `phone_note`: nothing that somebody typed is lost.
"""

import re

from django.db import migrations

from members.telephone import numbers_in

# What may stand between numbers without saying anything.
SEPARATORS = re.compile(r"[\s;,/()+.-]|tel|\d", re.IGNORECASE)


def store_numbers(apps, schema_editor):
    contacts = apps.get_model("members", "SupportContact").objects
    for contact in contacts.exclude(phone="").select_related("city__country", "country"):
        country = contact.city.country if contact.city else contact.country
        text = contact.phone
        numbers = numbers_in(text, country.code)
        phone, second_phone = (*numbers, "", "")[:2]
        has_words = bool(SEPARATORS.sub("", text))
        is_whole = len(numbers) in (1, 2) and not has_words
        note = "" if is_whole else text
        rows = contacts.filter(pk=contact.pk)
        rows.update(phone=phone, second_phone=second_phone, phone_note=note)


class Migration(migrations.Migration):
    dependencies = [("members", "0016_ways_to_reach_help")]

    operations = [migrations.RunPython(store_numbers, migrations.RunPython.noop)]
