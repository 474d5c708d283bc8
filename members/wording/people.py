"""Letters to people: who is interested, who is invited, who needs a new password."""

from django.utils.translation import gettext_lazy as _

from members.wording.kind import ASK, HELLO, LINK, NO_REMINDERS, LetterKind

ONE_BUTTON = _(
    "Open this link to accept. The page that opens has a button; nothing happens before you press "
    "it."
)
CONFIRM_ADDRESS = _(
    "Open this link to confirm the address. The page that opens has a button; nothing happens "
    "before you press it."
)
FOR_YOU_ALONE = _(
    "The link works once, until {date}. It is meant for you alone: do not pass it on."
)
NOT_EXPECTED = _("If you did not expect this letter, you need do nothing.")

PEOPLE_LETTERS = {
    "interest_confirm": LetterKind(
        label=_("Joining: confirm your address"),
        when=_(
            "To whoever wrote that a city is interested in joining, to make sure that the address "
            "is theirs."
        ),
        subject=_("Confirm your message about {city}"),
        text=(
            HELLO,
            _(
                "Somebody, probably you, wrote to us that {city} is interested in joining the "
                "network. Open this link to confirm it. The page that opens has a button; nothing "
                "happens before you press it."
            ),
            LINK,
            _("We answer as soon as you have confirmed."),
            _(
                "If it was not you, you need do nothing: without a confirmation the message is "
                "deleted."
            ),
        ),
        values=("city", "link"),
        needs=("link",),
        replaces=("interest_confirm",),
        secret=True,
    ),
    "interest_received": LetterKind(
        label=_("Joining: a city is interested"),
        when=_(
            "To the secretariat, when somebody has confirmed that a city is interested in joining."
        ),
        subject=_("{city} is interested in joining"),
        text=(
            HELLO,
            _(
                "Somebody from {city} has written to us: the city is interested in joining the "
                "network."
            ),
            _("Read the message and answer it:"),
            LINK,
        ),
        values=("city", "link"),
        needs=("link",),
    ),
    "invitation_city": LetterKind(
        label=_("Invitation: to work for a city"),
        when=_("To whoever is invited to coordinate, edit or read for a city."),
        subject=_("Your invitation to {portal}"),
        text=(
            HELLO,
            _("{name} invites you to work with us on {portal}: as {role} of {city}."),
            ONE_BUTTON,
            LINK,
            FOR_YOU_ALONE,
            NOT_EXPECTED,
        ),
        values=("name", "role", "city", "link", "date"),
        needs=("link",),
        secret=True,
    ),
    "invitation_candidate": LetterKind(
        label=_("Invitation: to work on an accession file"),
        when=_(
            "To whoever is invited to coordinate, edit or read for a city that has not joined yet."
        ),
        subject=_("Your invitation to {portal}"),
        text=(
            HELLO,
            _("{name} invites you to work with us on {portal}: as {role} of {city}."),
            ONE_BUTTON,
            LINK,
            FOR_YOU_ALONE,
            _("After that, the accession file of {city} stands here, with its steps:"),
            "{file}",
            NOT_EXPECTED,
        ),
        values=("name", "role", "city", "link", "date", "file"),
        needs=("link", "file"),
        secret=True,
    ),
    "invitation_office": LetterKind(
        label=_("Invitation: to the secretariat"),
        when=_("To whoever is invited to work in the network’s office."),
        subject=_("Your invitation to {portal}"),
        text=(
            HELLO,
            _("{name} invites you to work with us on {portal}: in the network’s secretariat."),
            ONE_BUTTON,
            LINK,
            FOR_YOU_ALONE,
            NOT_EXPECTED,
        ),
        values=("name", "link", "date"),
        needs=("link",),
        secret=True,
    ),
    "reminder_invitation": LetterKind(
        label=_("Reminder: an invitation waits"),
        when=_(
            "To whoever invited somebody, when the invitation has not been answered for a week."
        ),
        subject=_("Your invitation to {email} has not been answered"),
        text=(
            HELLO,
            _("You invited {email} on {date}, and nobody has accepted yet."),
            _(
                "Perhaps the letter was not noticed, or the address is wrong. Ask the person, or "
                "withdraw the invitation and write another one:"
            ),
            LINK,
            NO_REMINDERS,
        ),
        values=("email", "date", "link"),
        replaces=("reminder_invitation",),
        reminder=True,
    ),
    "reminder_contacts": LetterKind(
        label=_("Reminder: contacts for help wait to be checked"),
        when=_(
            "To the city’s coordinators, for contacts of whole countries to the secretariat, when "
            "nobody has checked for a year whether they are still right."
        ),
        subject=_("Are your contacts for help still right?"),
        text=(
            HELLO,
            _(
                "People who were discriminated against look on {portal} for somebody to turn to. "
                "Within the last year nobody has checked whether these contacts, which you look "
                "after, are still right:"
            ),
            LINK,
            _(
                "Ring them, write to them or look at their website. Then open each contact, change "
                "what is wrong and save it as checked today."
            ),
            NO_REMINDERS,
        ),
        values=("link",),
        needs=("link",),
        replaces=("reminder_contacts",),
        reminder=True,
    ),
    "ask_cities": LetterKind(
        label=_("Question to cities"),
        when=_(
            "To the coordinators of cities that lack something, when the secretariat asks them."
        ),
        subject="{subject}",
        text=(HELLO, "{question}", LINK, ASK, NO_REMINDERS),
        values=("city", "link", "subject", "question"),
        needs=("link", "question"),
    ),
    "password_reset": LetterKind(
        label=_("A new password"),
        when=_("To whoever asked for a new password. It is sent at once and not kept."),
        subject=_("Password reset: {portal}"),
        text=(
            HELLO,
            _("Somebody, probably you, asked for a new password for your account on {portal}."),
            _("Open this link to choose one:"),
            LINK,
            _("The link works once. Hours until it ends: {hours}."),
            _("If it was not you, you need do nothing: your password stays as it is."),
        ),
        values=("link", "hours"),
        needs=("link",),
        secret=True,
    ),
    "address_old": LetterKind(
        label=_("Another address: to the present one"),
        when=_("To whoever asked to sign in with another e-mail address, at the present one."),
        subject=_("Another e-mail address for your account on {portal}?"),
        text=(
            HELLO,
            _(
                "Somebody who was signed in as you, probably you, asked that your account on "
                "{portal} shall have the address {email} from now on."
            ),
            _("Open this link to agree to it, or to stop it. Nothing happens before both agree:"),
            LINK,
            FOR_YOU_ALONE,
            _("If it was not you, stop it there, and choose a new password."),
        ),
        values=("email", "link", "date"),
        needs=("link",),
        replaces=("address_old",),
        secret=True,
    ),
    "address_new": LetterKind(
        label=_("Another address: to the new one"),
        when=_("To the new e-mail address of somebody’s account, to make sure that it is read."),
        subject=_("Is this your address for {portal}?"),
        text=(
            HELLO,
            _("Somebody, probably you, wants to sign in to {portal} with this e-mail address."),
            CONFIRM_ADDRESS,
            LINK,
            FOR_YOU_ALONE,
            NOT_EXPECTED,
        ),
        values=("link", "date"),
        needs=("link",),
        replaces=("address_new",),
        secret=True,
    ),
    "address_taken": LetterKind(
        label=_("Another address: it has an account already"),
        when=_("To an address with an account, when somebody else asks to sign in with it."),
        subject=_("Somebody wanted to use your address on {portal}"),
        text=(
            HELLO,
            _(
                "Somebody asked that another account on {portal} shall have this e-mail address. "
                "It is the address of your account, and stays so."
            ),
            _("You need do nothing. If you have two accounts, answer this letter."),
        ),
        values=(),
    ),
    "account_changed": LetterKind(
        label=_("An account was changed"),
        when=_(
            "To whoever’s account it is, when its password, its second factor or its address was "
            "changed."
        ),
        subject=_("About your account on {portal}"),
        text=(
            HELLO,
            _("This happened with your account on {portal}: {what}"),
            _("If it was you, you need do nothing."),
            _("If it was not you, choose a new password at once:"),
            LINK,
            _("Then tell the network’s office by answering this letter."),
        ),
        values=("what", "link"),
        needs=("what",),
    ),
    "account_changed_by_office": LetterKind(
        label=_("An account was changed by the secretariat"),
        when=_(
            "To whoever’s account it is, when the secretariat gave it a right or took one, "
            "switched it off or on again, or removed its second factor."
        ),
        subject=_("About your account on {portal}"),
        text=(
            HELLO,
            _("This happened with your account on {portal}: {what}"),
            _("The network’s secretariat did this. You need do nothing."),
            _(
                "If you do not know why, or it is not right, ask the secretariat: answer this "
                "letter, or write here:"
            ),
            LINK,
        ),
        values=("what", "link"),
        needs=("what", "link"),
    ),
    "account_erased": LetterKind(
        label=_("An account was erased"),
        when=_("To whoever’s account was erased. It is sent at once and not kept."),
        subject=_("Your account on {portal} was erased"),
        text=(
            HELLO,
            _(
                "The network’s secretariat has erased your account on {portal}, and all that is "
                "kept about you there: your name, your address, your password, and the letters and "
                "invitations to you."
            ),
            _(
                "What you entered for a city stays, without your name. What cities publish stays, "
                "too: who signed an act, who wrote a document."
            ),
            _(
                "This is the last letter of the portal to you. If you did not ask for it, or have "
                "a question, write to the secretariat:"
            ),
            LINK,
        ),
        values=("link",),
        needs=("link",),
    ),
    "office_right_changed": LetterKind(
        label=_("The secretariat’s right: to everybody who has it"),
        when=_(
            "To everybody of the secretariat, when somebody got its right, or has it no longer, "
            "and when the address, the second factor or the state of an account that has it was "
            "changed. Whoever it is about gets a letter of their own."
        ),
        subject=_("Who belongs to the secretariat on {portal}"),
        text=(
            HELLO,
            _("This happened on {portal}: {what}"),
            _("If you knew of it, you need do nothing."),
            _("If it surprises you, look at the account, and ask your colleagues about it:"),
            LINK,
        ),
        values=("what", "link"),
        needs=("what",),
    ),
    "address_given": LetterKind(
        label=_("Another address: to the new one, by the office"),
        when=_("To the address that the secretariat gave to somebody’s account."),
        subject=_("You sign in to {portal} with this address"),
        text=(
            HELLO,
            _(
                "The network’s office gave your account on {portal} this e-mail address. From now "
                "on you sign in with it. Your password stays as it is."
            ),
            _("Here you sign in:"),
            LINK,
            _(
                "If you know nothing of such an account, answer this letter: the office has "
                "mistaken your address for another, and corrects it."
            ),
        ),
        values=("link",),
        needs=("link",),
    ),
    "address_left": LetterKind(
        label=_("Another address: to the earlier one"),
        when=_("To the address that an account had until now, when it got another one."),
        subject=_("About your account on {portal}"),
        text=(
            HELLO,
            _("This happened with your account on {portal}: {what}"),
            _("From now on nobody signs in with this address."),
            _(
                "If you did not want this, tell the network’s office at once: answer this letter, "
                "or write here:"
            ),
            LINK,
        ),
        values=("what", "link"),
        needs=("what",),
    ),
}
