"""What a browser sends back of a page's form when somebody presses a button."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self, form_id: str):
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.fields: dict[str, list[str]] = {}
        self.select = self.textarea = ""

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.inside = not self.form_id or found.get("id") == self.form_id
        if not self.inside:
            return
        name, kind = found.get("name", ""), found.get("type", "text")
        if tag == "input" and name and kind not in {"submit", "file"}:
            if kind not in {"checkbox", "radio"} or "checked" in found:
                self.fields.setdefault(name, []).append(
                    found.get("value", "on" if kind == "checkbox" else "")
                )
        elif tag == "textarea":
            self.textarea = name
            self.fields[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in found:
            self.fields.setdefault(self.select, []).append(found.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            # HTML leaves out the line break after the opening tag.
            if self.textarea:
                self.fields[self.textarea] = [self.fields[self.textarea][0].removeprefix("\n")]
            self.textarea = ""
        elif tag == "select":
            self.select = ""

    def handle_data(self, text):
        if self.inside and self.textarea:
            self.fields[self.textarea][0] += text


def fields_of(response, form_id: str = "") -> dict[str, list[str]]:
    """Names and values of the form with this id (of all forms without one), as a browser would send
    them."""
    parser = _Form(form_id)
    parser.feed(response.content.decode())
    return parser.fields
