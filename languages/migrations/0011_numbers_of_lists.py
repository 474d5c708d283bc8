"""Lists know long numbers by their digits alone. After this step the portal writes the words of all
lists anew (`portal.signals`)."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("languages", "0010_list_texts")]
    operations: ClassVar = []
