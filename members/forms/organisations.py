"""An organisation: what appoints a body belongs to the body's own city."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members.editing.forms.records import NamedForm
from members.models import LegalAct, Organisation


class OrganisationForm(NamedForm):
    """An act of one city appoints no body of another, and no body of another is appointed by it
    already."""

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        act, city = cleaned.get("appointed_by"), cleaned.get("city")
        if act and city and act.city_id != city.pk:
            sentence = _(
                "This act is one of another city: %(act_city)s. Choose an act of %(city)s, "
                "or change the city."
            )
            self._refuse(sentence % {"act_city": act.city, "city": city})
        elif act and (other := self._elsewhere(act)):
            sentence = _(
                "This act appointed “%(body)s” of another city already. One act appoints "
                "bodies of one city."
            )
            self._refuse(sentence % {"body": other})
        begins, ends = cleaned.get("term_from"), cleaned.get("term_to")
        if begins and ends and ends < begins:
            self.add_error(
                "term_to",
                ValidationError(_("The end lies before the beginning. Change one of the two.")),
            )
        return cleaned

    def _elsewhere(self, act: LegalAct) -> Organisation | None:
        bodies = act.appointed_bodies.exclude(pk=self.instance.pk).exclude(city=None)
        return bodies.exclude(city=self.cleaned_data.get("city") or act.city_id).first()

    def _refuse(self, sentence: str) -> None:
        self.add_error("appointed_by", ValidationError(sentence, code="act_of_another_city"))
