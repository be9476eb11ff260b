"""Addresses as QR codes, for screens and paper."""

import segno
from django.utils.safestring import SafeString, mark_safe


def on_screen(url: str) -> SafeString:
    """To scan from the screen or a printed page."""
    return mark_safe(
        segno.make_qr(url).svg_inline(scale=4, border=2, svgclass=None, lineclass=None)
    )


def on_paper(url: str, millimetres: int) -> SafeString:
    """So wide on paper, quiet zone of four modules included; a fifth of it may be soiled."""
    code = segno.make_qr(url, error="m")
    modules = code.symbol_size(border=4)[0]
    return mark_safe(
        code.svg_inline(
            scale=round(millimetres / modules, 4), unit="mm", border=4, svgclass=None,
            lineclass=None,
        )
    )  # fmt: skip
