"""How we know: sources, citations, documents and legal acts."""

from typing import Self
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.dates import Bounds, DayField, PartialDateField, format_partial
from languages.fields import LineField, ProseField, WebAddressField
from languages.text import current_language
from members.models.record import Owned, OwnedQuerySet, Record
from members.models.remarks import SourceRemark


class SourceQuerySet(OwnedQuerySet["Source"]):
    def at(self, url: str, **values: str) -> Self:
        """The one with this address; without an address, those that have none and these values."""
        if url:
            return self.filter(url=url)
        return self.filter(url="", **values)


class Source(Owned):
    """A page, a text or a broadcast that states a fact. One row, cited as often as needed."""

    CITY_PATH = None

    class Kind(models.TextChoices):
        OFFICIAL = "official", pgettext_lazy("source", "official record")
        NETWORK = "network", pgettext_lazy("source", "network")
        CITY = "city", pgettext_lazy("source", "city website")
        PRESS = "press", pgettext_lazy("source", "press")
        RADIO = "radio", pgettext_lazy("source", "radio")
        RESEARCH = "research", pgettext_lazy("source", "research")
        ORGANISATION = "organisation", pgettext_lazy("source", "organisation")
        PARTY = "party", pgettext_lazy("source", "party, council group or politician")
        OTHER = "other", pgettext_lazy("source", "other")

    url = WebAddressField(_("address"), max_length=1000, blank=True)
    title = LineField(_("title"), max_length=500, blank=True)
    publisher = LineField(_("publisher"), max_length=200, blank=True)
    language = LineField(
        _("language"),
        max_length=20,
        blank=True,
        help_text=_("Language code of the source, for example pl or nl."),
    )
    published = PartialDateField(_("published"), bounds=Bounds.HAPPENED)
    # Translators: field: the day on which somebody last opened a source’s page
    seen_on = DayField(_("seen on"), bounds=Bounds.HAPPENED, null=True, blank=True)
    archive_url = WebAddressField(_("archived copy"), max_length=1000, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            Unique(
                fields=["url"],
                condition=~Q(url=""),
                name="one_source_per_address",
                words=_("A source with this address is recorded already. Choose that one."),
                field="url",
            ),
            Check(
                condition=~Q(url="") | ~Q(title=""),
                name="source_has_an_address_or_a_title",
                words=_("Give an address or a title."),
                field="title",
            ),
        ]

    # What speaks for itself with less weight than the city's own word.
    DISTANT = (Kind.PRESS, Kind.RADIO, Kind.PARTY)

    def __str__(self) -> str:
        return self.title or self.publisher_and_site or self.url

    @property
    def publisher_and_site(self) -> str:
        """Who publishes it and where, for a source without a title: `Stadt Bern (bern.ch)`."""
        host = urlsplit(self.url).hostname or ""
        site = host.removeprefix("www.")
        if not self.publisher:
            return site
        return f"{self.publisher} ({site})" if site else self.publisher

    @property
    def is_distant(self) -> bool:
        """Whether the press or a party says it, not the city, an authority or the network."""
        return self.kind in self.DISTANT


class Citation(Owned):
    """A source stands behind a row, or behind one of its fields.

    `states` holds what the source says where it disagrees with the value shown: conflicts are
    shown, not decided.
    """

    CITY_PATH = None
    GOES_WITH_ENTRY = True

    class Basis(models.TextChoices):
        STEERING_COMMITTEE = (
            "steering_committee",
            pgettext_lazy("basis", "decision of the Steering Committee"),
        )
        NETWORK = "network_statement", pgettext_lazy("basis", "statement of the network")
        MEMBER = "member_statement", pgettext_lazy("basis", "statement of the city")
        THIRD_PARTY_LIST = "third_party_list", pgettext_lazy("basis", "list kept by others")
        THIRD_PARTY_MENTION = "third_party_mention", pgettext_lazy("basis", "mention by others")

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="citations", verbose_name=_("source")
    )
    content_type = models.ForeignKey(
        ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of entry")
    )
    object_id = models.BigIntegerField(_("number of the entry"))
    record = GenericForeignKey()
    field = LineField(
        # Translators: the name of the field that a source is cited for
        _("field"),
        max_length=60,
        blank=True,
        help_text=_("Empty: the source stands behind the whole entry."),
    )
    # Translators: field: what a statement rests on: an official record, press, …
    basis = models.CharField(_("basis"), max_length=30, choices=Basis, blank=True)
    states = LineField(
        _("what this source says"),
        max_length=200,
        blank=True,
        help_text=_("Only where it disagrees with what is shown."),
    )
    # Translators: field: what the portal remarks about a source, chosen from a list
    remark = models.CharField(_("remark"), max_length=30, choices=SourceRemark, blank=True)
    remark_on = PartialDateField(
        # Translators: field: the date that belongs to a remark about a source
        _("date of the remark"),
        bounds=Bounds.HAPPENED,
    )
    note = ProseField(
        _("note"),
        max_length=2000,
        blank=True,
        help_text=_("In words, where no remark of the list fits. It is not translated."),
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            Unique(
                fields=["source", "content_type", "object_id", "field"],
                name="a_source_is_cited_once_per_field",
                words=_("This source is cited for this already."),
                field="source",
            )
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="citation_of")]

    def __str__(self) -> str:
        return str(self.source)


class DocumentQuerySet(OwnedQuerySet["Document"]):
    def public(self) -> Self:
        """Documents that somebody made public."""
        return self.filter(public_since__isnull=False)

    def submitted(self) -> Self:
        """Documents of accessions that are with the network.

        The Steering Committee may read them.
        """
        files = apps.get_model("members.Accession").objects.submitted()
        is_attachment = Q(accessions__in=files)
        legal_bases = files.values("legal_basis")
        signed_acts = files.values("signed_act")
        is_legal_basis = Q(legal_acts__in=legal_bases)
        is_signed_act = Q(legal_acts__in=signed_acts)
        rows = self.filter(is_attachment | is_legal_basis | is_signed_act)
        return rows.distinct()


def random_name(document: "Document", filename: str) -> str:
    """The path of a file in the storage.

    A random name: nobody guesses the address or reads the file name of the person who uploaded it.
    """
    key = str(document.storage_key)
    folder = key[:2]
    return f"documents/{folder}/{key}"


class Document(Owned):
    """A file with its fingerprint: every upload in the portal. Private until a service publishes
    it."""

    MEGABYTES = 20

    storage_key = models.UUIDField(unique=True, editable=False)
    # Translators: field: the uploaded file of a document, not a dossier
    file = models.FileField(_("file"), upload_to=random_name)
    title = LineField(_("title"), max_length=300)
    language = LineField(_("language"), max_length=20, blank=True)
    sha256 = models.CharField(_("fingerprint (SHA-256)"), max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    # Translators: the kind of a file: PDF, JPEG, PNG
    content_type = models.CharField(_("type"), max_length=60, editable=False)
    city = models.ForeignKey(
        "members.City",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("city"),
    )
    public_since = models.DateTimeField(_("public since"), null=True, blank=True, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.title


class LegalAct(Record):
    """A resolution, an order, a decree, a signed act: the basis of a step or of a programme.

    Titles and numbers are in the language of the act only.
    """

    PUBLIC_WITH = ("city",)

    class Kind(models.TextChoices):
        COUNCIL = "council_resolution", pgettext_lazy("legal act", "council resolution")
        COMMITTEE = "committee_decision", pgettext_lazy("legal act", "committee decision")
        EXECUTIVE = "executive_decision", pgettext_lazy("legal act", "executive decision")
        ORDER = "mayors_order", pgettext_lazy("legal act", "mayor’s order")
        DECREE = "decree", pgettext_lazy("legal act", "decree")
        SIGNED_ACT = "signed_act", pgettext_lazy("legal act", "signed act")
        OTHER = "other", pgettext_lazy("legal act", "decision")

    city = models.ForeignKey(
        "members.City", models.PROTECT, related_name="legal_acts", verbose_name=_("city")
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    number = LineField(_("number"), max_length=100, blank=True)
    # Translators: field: the number or name of the council’s sitting; nobody is signed in
    session = LineField(_("session"), max_length=200, blank=True)
    # Translators: the council, committee or office that passed a legal act
    body = LineField(
        _("body"), max_length=200, blank=True, help_text=_("Who decided, in its own language.")
    )
    title = LineField(_("title"), max_length=500, blank=True)
    language = LineField(_("language of the act"), max_length=20, blank=True)
    # Translators: heading: the day on which a legal act was adopted
    passed = PartialDateField(_("passed"), bounds=Bounds.HAPPENED)
    in_force = PartialDateField(_("in force since"))
    url = WebAddressField(_("address"), max_length=1000, blank=True)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="legal_acts",
        verbose_name=_("document"),
    )
    note = ProseField(_("what it decides"), max_length=2000, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("legal act")
        verbose_name_plural = _("legal acts")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["city", "number"],
                condition=~Q(number=""),
                name="one_legal_act_per_city_and_number",
                words=_("A legal act of this city with this number is recorded already."),
                field="number",
            ),
        ]

    def __str__(self) -> str:
        kind = str(self.get_kind_display())
        day = format_partial(self.passed, current_language())
        words = " ".join(filter(None, (kind, self.number)))
        return ", ".join(filter(None, (words, day)))

    def get_absolute_url(self) -> str:
        """Its place on the page of its city."""
        page = reverse("city_detail", args=[self.city.slug])
        return f"{page}#act-{self.pk}"

    @property
    def is_closed(self) -> bool:
        """An accession that is with the network rests on it: nobody changes what it says."""
        if self.pk is None:
            return False
        files = apps.get_model("members.Accession").objects.with_network()
        rests_on_it = Q(legal_basis=self.pk) | Q(signed_act=self.pk)
        own_files = files.filter(rests_on_it)
        return bool(own_files.exists())


class Signatory(Owned):
    """Who signed an act, with the office: named in the record of that act and nowhere else."""

    CITY_PATH = "legal_act__city"

    legal_act = models.ForeignKey(
        LegalAct, models.CASCADE, related_name="signatories", verbose_name=_("legal act")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    name = LineField(_("name"), max_length=200)
    office = LineField(
        pgettext_lazy("post of a signatory", "office"),
        max_length=200,
        help_text=_("As the act has it, in its language."),
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering = ["order"]
        constraints = [
            Unique(
                fields=["legal_act", "order"],
                name="one_signatory_per_place",
                words=_("This number in the order is taken. Choose another."),
                field="order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.office}"

    @property
    def is_closed(self) -> bool:
        return self.legal_act.is_closed
