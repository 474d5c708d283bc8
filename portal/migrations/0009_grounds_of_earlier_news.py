"""News of before: what they say of people stays public, and counts as what it is.

What a data file brought was published by the source that it names. What a person typed here has a
ground that nobody wrote down: the list of details shows it to the city.
"""

from django.db import migrations
from django.utils import timezone


def record_grounds(apps, schema_editor):
    News = apps.get_model("portal", "News")
    PersonalDetail = apps.get_model("portal", "PersonalDetail")
    now = timezone.now()
    edited = edited_by_people(apps)
    offices = [field.name for field in News._meta.fields if field.name.startswith("office_")]
    for news in News.objects.order_by("pk"):
        said = {
            "name": news.speaker,
            "office": any(getattr(news, name) for name in offices),
            "quotation": news.quotation,
        }
        ground = "earlier" if news.pk in edited else "published"
        for detail in [name for name, value in said.items() if value]:
            PersonalDetail.objects.create(
                news=news, detail=detail, ground=ground, recorded_at=now
            )


def edited_by_people(apps):
    LogEntry = apps.get_model("auditlog", "LogEntry")
    entries = LogEntry.objects.filter(
        content_type__app_label="portal", content_type__model="news", actor__isnull=False
    )
    return set(entries.values_list("object_id", flat=True))


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0008_grounds_of_personal_details"),
        ("auditlog", "0017_add_actor_email"),
    ]

    operations = [migrations.RunPython(record_grounds, migrations.RunPython.noop, elidable=False)]
