"""Free web addresses (slugs) for new rows."""

from django.db.models import Model, QuerySet

from languages.folding import words


def free_slug(model: type[Model], name: str) -> str:
    """A web address made from a name that no row of the model has yet: `Otwarty Kraków` →
    `otwarty-krakow`."""
    longest = model._meta.get_field("slug").max_length - 4
    plain = [word for word in words(name) if word.isascii()]
    return numbered(
        "-".join(plain)[:longest].strip("-") or model._meta.model_name, model._base_manager.all()
    )


def numbered(slug: str, rows: QuerySet) -> str:
    """A web address, with a number behind it where one of these rows has it already:
    `otwarty-krakow-2`."""
    taken = set(rows.filter(slug__startswith=slug).values_list("slug", flat=True))
    candidates = (
        slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2)
    )
    return next(candidate for candidate in candidates if candidate not in taken)
