"""The files that grantees handed in with their reports: small ones, made here, with nothing in them of anybody."""

from pathlib import PurePath

ROWS = "day,session,counted\r\n2012-10-13,morning,164\r\n2012-10-13,afternoon,201\r\n2012-10-20,morning,148\r\n"


def content(name: str) -> bytes:
    """A file of that name: a table, or a page that says what it stands for."""
    if PurePath(name).suffix == ".csv":
        return ROWS.encode()
    return _page(f"{PurePath(name).stem.replace('-', ' ').capitalize()}: an example for the demonstration.")


def _page(words: str) -> bytes:
    """A PDF of one page with a line on it, written by hand."""
    drawn = f"BT /F1 14 Tf 56 760 Td ({words}) Tj ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        out
        + head
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    )
