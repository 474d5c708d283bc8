from typing import Any

from django.apps.registry import Apps
from django.db import migrations

# Remarks of the portal that stood in the titles of plans: each title before and after.
TITLES = {
    "Race Equality Action Plan (in development)": "Race Equality Action Plan",
    "Landesaktionsplan gegen Rassismus und ethnische Diskriminierung (called a "
    "contribution to the ECCAR ten-point plan)": (
        "Landesaktionsplan gegen Rassismus und ethnische Diskriminierung"
    ),
    "Aktionsplan gegen Rassismus (37 measures)": "Aktionsplan gegen Rassismus",
    "Zehn-Punkte-Aktionsplan gegen Rassismus (to be drawn up)": (
        "Zehn-Punkte-Aktionsplan gegen Rassismus"
    ),
    "Plan de lutte contre toutes les discriminations (45 actions)": (
        "Plan de lutte contre toutes les discriminations"
    ),
    "Strategi för ett interkulturellt Botkyrka (since 2017 part of Strategi för ett "
    "jämlikt Botkyrka)": (
        "Strategi för ett interkulturellt Botkyrka"
    ),
    "Plan de lutte contre le racisme et l’antisémitisme (44 actions)": (
        "Plan de lutte contre le racisme et l’antisémitisme"
    ),
    "Plan d’action contre le racisme (motion of the council)": "Plan d’action contre le racisme",
    "Dortmunder Aktionsplan gegen Rechtsextremismus (extended version)": (
        "Dortmunder Aktionsplan gegen Rechtsextremismus"
    ),
    "Vielfalt bewegt Frankfurt, goal 31: equal participation": "Vielfalt bewegt Frankfurt",
    "Toplumsal Eşitlik Birimi (task of the unit)": "Toplumsal Eşitlik Birimi",
    "Leuven zonder Racisme (ten-point plan in six domains)": "Leuven zonder Racisme",
    "Zehn-Punkte-Aktionsplan (accession)": "Zehn-Punkte-Aktionsplan",
    "Monitoring-Bericht Diskriminierung und rechter Hass (2nd)": (
        "Monitoring-Bericht Diskriminierung und rechter Hass"
    ),
    "Stedelijk actieplan tegen racisme en discriminatie (seven themes, in preparation)": (
        "Stedelijk actieplan tegen racisme en discriminatie"
    ),
    "Oulu for All (part of the City of Oulu’s Anti-Racism Action Programme)": "Oulu for All",
    "Politique de lutte contre les discriminations (three parts)": (
        "Politique de lutte contre les discriminations"
    ),
    "Coalitieakkoord «Eén stad» (continues «Rotterdam tegen racisme»)": (
        "Coalitieakkoord «Eén stad»"
    ),
    "Report to ECCAR on the City of Stockholm’s work to combat racism (Vision 2040, city budget)": (
        "Report to ECCAR on the City of Stockholm’s work to combat racism"
    ),
    "Plan d’actions de lutte contre les discriminations (three lines)": (
        "Plan d’actions de lutte contre les discriminations"
    ),
    "Mångfaldsprogram (since followed by Plan för lika villkor)": "Mångfaldsprogram",
    "Work of the integration unit (before the municipal ten-point plan)": (
        "Work of the integration unit"
    ),
}


def take_remarks_away(apps: Apps, schema_editor: Any) -> None:
    """A title is part of the key by which `undertakings.csv` finds its row: the row of a loaded
    portal keeps its key."""
    undertakings = apps.get_model("members", "Undertaking").objects
    for before, after in TITLES.items():
        undertakings.filter(plan_title=before).update(plan_title=after)


class Migration(migrations.Migration):
    dependencies = [("members", "0023_invitation_to_the_office")]

    operations = [migrations.RunPython(take_remarks_away, migrations.RunPython.noop)]
