"""The funder report as a PDF: plain data in, bytes out.

`render` knows no model, no file and no address: all it prints is in the snapshot (`contract.py`). From the door to the
bytes: `text.py` makes every word printable; `pages/` say what stands where; `flowables.py`, `tables.py` and `charts.py`
draw it on the canvas of `tagging.py`, which gathers the structure; `structure.py` writes that into the PDF.
"""

from reporting.pdf.document import render
from reporting.pdf.figures import UntracedFigureError

__all__ = ["UntracedFigureError", "render"]
