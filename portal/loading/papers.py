"""Papers of the demonstration: PDF files of one page, made here."""

OBJECTS = (
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    " /Resources << /Font << /F1 5 0 R >> >> >>",
    "<< /Length {length} >>\nstream\n{stream}\nendstream",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
)


def one_page(lines: list[str], *, font_size: int = 16, top: int = 740) -> bytes:
    """A page (A4) with a few lines of plain letters, the same bytes each time. `top` is where the
    first line stands, in points from the lower edge."""
    texts = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 {font_size} Tf 24 TL 72 {top} Td {texts} ET"
    length = len(stream)
    content = "%PDF-1.4\n"
    offsets = []
    for number, pattern in enumerate(OBJECTS, 1):
        offsets.append(len(content))
        body = pattern
        if "{" in pattern:
            body = pattern.format(length=length, stream=stream)
        content += f"{number} 0 obj\n{body}\nendobj\n"
    table = _table(offsets, start=len(content))
    return (content + table).encode("ascii")


def _table(offsets: list[int], *, start: int) -> str:
    """Where each object begins, in bytes; a reader of the file begins here."""
    size = len(offsets) + 1
    lines = [f"{offset:010d} 00000 n \n" for offset in offsets]
    parts = [
        f"xref\n0 {size}\n0000000000 65535 f \n",
        *lines,
        f"trailer\n<< /Size {size} /Root 1 0 R >>\n",
        f"startxref\n{start}\n%%EOF\n",
    ]
    return "".join(parts)
