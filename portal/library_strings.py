"""Strings that the libraries show and do not translate into all eight languages. Ours fill the
gaps.

Named here so that `make messages` keeps them in our catalogues, which Django reads before the
libraries' own. Counted against Django 5.2 (core, admin, auth), django-auditlog 3.4. Those of the
admin's JavaScript stand in `locale/<language>/LC_MESSAGES/djangojs.po`, kept by hand. What stock
English says in a developer's words has plain English in `locale/en/`, kept by hand too.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

CORE = [
    _("“%(pk)s” is not a valid value."),
    _("“%(value)s” value must be an integer."),
    _("“%(value)s” value must be either True or False."),
    _("“%(value)s” value must be either None, True or False."),
    _("“%(value)s” value has an invalid date format. It must be in YYYY-MM-DD format."),
    _("“%(value)s” value has the correct format (YYYY-MM-DD) but it is an invalid date."),
    _(
        "“%(value)s” value has the correct format (YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ]) but "
        "it is an invalid date/time."
    ),
    _("“%(value)s” value has the correct format (HH:MM[:ss[.uuuuuu]]) but it is an invalid time."),
    _("“%(value)s” value must be a decimal number."),
    _("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    # Ukrainian: Django's own wording is garbled.
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Select a valid choice. That choice is not one of the available choices."),
    # Ukrainian: a straight apostrophe.
    _("This field is required."),
    # What is missing, and an example: "a valid URL" helps nobody.
    _("Enter a valid URL."),
    _("Enter a valid domain name."),
    _("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
    _(
        "ManagementForm data is missing or has been tampered with. Missing fields: "
        "%(field_names)s. You may need to"
        " file a bug report if the issue persists."
    ),
    _(
        "If you have configured your browser to disable cookies, please re-enable them, at "
        "least for this site, or for"
        " “same-origin” requests."
    ),
    ngettext_lazy(
        "Please submit at most %(num)d form.", "Please submit at most %(num)d forms.", "num"
    ),
    ngettext_lazy(
        "Please submit at least %(num)d form.", "Please submit at least %(num)d forms.", "num"
    ),
]

ADMIN = [
    # Names of kinds keep their first case after a colon: Django's own wording would inflect them.
    # Translators: %s is the name of a kind of entry as the dictionary has it; write so that it
    # needs no other case
    _("Add %s"),
    _("Add another %(verbose_name)s"),
    _("Add another %(model)s"),
    _("Change %s"),
    _("View %s"),
    _("Select %s to change"),
    _("Select %s to view"),
    _("Select all %(total_count)s %(module_name)s"),
    _("Add link"),
    # Ukrainian: a slip of the pen in Django's own, and straight marks there and in others.
    _("Hold down “Control”, or “Command” on a Mac, to select more than one."),
    _("Click here to select the objects across all pages"),
    _("Select this object for an action - {}"),
    _("Select all objects on this page for an action"),
    _("Delete multiple objects"),
    _("Objects"),
    _("Filter navigation items"),
    _("Change or view list link"),
    _("Error:"),
    _("Model name"),
    # What was done with which entry. Django's own wordings give the kind an article and endings
    # for every gender: ours say "Saved: Kraków".
    _("The {name} “{obj}” was added successfully."),
    _("You may edit it again below."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully."),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?"),
    _("Successfully deleted %(count)d %(items)s."),
    ngettext_lazy(
        "%(count)s %(name)s was changed successfully.",
        "%(count)s %(name)s were changed successfully.",
        "count",
    ),
    # An action is what a city does, an object a museum has: lists have entries.
    _("Breadcrumbs"),
    _("Action:"),
    _("Run the selected action"),
    _("Go"),
    _("No action selected."),
    _("Items must be selected in order to perform actions on them. No items have been changed."),
    _("Delete selected %(verbose_name_plural)s"),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following "
        "protected related objects:"
    ),
    _(
        "Deleting the selected %(objects_name)s would require deleting the following protected "
        "related objects:"
    ),
    _("Save and continue editing"),
    _("Save and add another"),
    _("Change selected %(model)s"),
    _("View selected %(model)s"),
    _("Change:"),
]

AUTH = [
    _("Conflicting form data submitted. Please try again."),
    _("Reset password"),
    _("Set password"),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    # Before the name of a field, which has no case endings.
    _("The password is too similar to the %(verbose_name)s."),
]

AUDITLOG = [
    _("Audit log"),
    _("Changes"),
    _("Click to filter by records with this correlation id"),
    _("Correlation ID"),
    _("Created"),
    _("Created {repr:s}"),
    _("Deleted {repr:s}"),
    _("Logged {repr:s}"),
    _("Resource"),
    _("Updated {repr:s}"),
    _("User"),
    _("access"),
    _("action"),
    _("actor"),
    _("actor email"),
    _("additional data"),
    _("change message"),
    _("content type"),
    _("create"),
    _("delete"),
    _("log entries"),
    _("log entry"),
    _("object id"),
    _("object pk"),
    _("object representation"),
    _("remote address"),
    _("remote port"),
    _("timestamp"),
    _("update"),
]
