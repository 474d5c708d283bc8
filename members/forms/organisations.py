"""An organisation: what appoints a body belongs to the body's own city."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members.editing.forms.records import NamedForm
from members.models import City, LegalAct, Organisation


class OrganisationForm(NamedForm):
    """An act of one city appoints bodies of this city only."""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean()
        act = values.get("appointed_by")
        city = values.get("city")
        if act:
            self._check_act(act, city)
        start = values.get("term_from")
        end = values.get("term_to")
        if start and end and end < start:
            sentence = _("The end lies before the beginning. Change one of the two.")
            error = ValidationError(sentence)
            self.add_error("term_to", error)
        return values

    def _check_act(self, act: LegalAct, city: City | None) -> None:
        """Add an error where the act is of another city, or appointed a body of another city."""
        if city and act.city_id != city.pk:
            sentence = _(
                "This act is one of another city: %(act_city)s. Choose an act of %(city)s, "
                "or change the city."
            )
            self._refuse(sentence % {"act_city": act.city, "city": city})
        elif other := self._body_of_another_city(act, city):
            sentence = _(
                "This act appointed “%(body)s” of another city already. One act appoints "
                "bodies of one city."
            )
            self._refuse(sentence % {"body": other})

    def _body_of_another_city(self, act: LegalAct, city: City | None) -> Organisation | None:
        own_city = city.pk if city else act.city_id
        others = act.appointed_bodies.exclude(pk=self.instance.pk)
        with_city = others.exclude(city=None)
        of_another_city = with_city.exclude(city=own_city)
        return of_another_city.first()

    def _refuse(self, sentence: str) -> None:
        self.add_error("appointed_by", ValidationError(sentence, code="act_of_another_city"))
