"""The square that a telephone reads: the address at which a document is verified."""

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing

from reporting.pdf.theme import INK

QUIET = 4  # modules of white that a reader needs around the square (ISO/IEC 18004, section 5.3.8)


def square(address: str, size: float) -> Drawing:
    """The address as a QR code, `size` points wide and high with its white."""
    drawing = Drawing(size, size)
    drawing.add(QrCodeWidget(address, barWidth=size, barHeight=size, barBorder=QUIET, barLevel="M", barFillColor=INK))
    return drawing
