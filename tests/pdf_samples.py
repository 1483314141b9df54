"""PDF files drawn by the tests: words at places, lines, colored areas."""

from __future__ import annotations

from collections.abc import Sequence

from reading_samples import assembled

FONTS = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
    b" /DescendantFonts [4 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo"
    b" << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
)


DRAWN = b"""<< /Type /Font /Subtype /Type3 /FontBBox [50 360 950 430] /FontMatrix [0.001 0 0 0.001 0 0]
/FirstChar 97 /LastChar 97 /Widths [1000] /Encoding << /Type /Encoding /Differences [97 /one] >>
/CharProcs << /one %d 0 R >> /ToUnicode %d 0 R /Resources << >>
/FontDescriptor << /Type /FontDescriptor /FontName /Drawn /Flags 4 /Ascent 880 /Descent -120
/FontBBox [0 -120 1000 880] /ItalicAngle 0 /CapHeight 880 /StemV 80 >> >>"""
"""A font whose one letter is drawn: its 「a」 is a flat 一, as browsers print what they cannot embed."""
_GLYPH = b"1000 0 50 360 950 430 d1 50 360 900 70 re f"
_MEANS = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def"
    b" 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <61> <4e00> endbfchar"
    b" endcmap end end"
)


def flat(x: float, y: float, size: float = 11) -> str:
    """一 of the font that is drawn."""
    return f"BT /F2 {size} Tf 0 0 0 rg 0 Tr 1 0 0 1 {x} {y} Tm (a) Tj ET"


def words(
    x: float,
    y: float,
    text: str,
    size: float = 11,
    *,
    mode: int = 0,
    color: str = "0 0 0",
    turn: str = "1 0 0 1",
    apart: float = 0,
) -> str:
    """Words with their left foot at a place. ``turn``: the first four numbers of their matrix;
    ``apart``: a gap behind each character."""
    shown = text.encode("utf-16-be").hex()
    return f"BT /F1 {size} Tf {color} rg {mode} Tr {apart} Tc {turn} {x} {y} Tm <{shown}> Tj ET"


def line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f"0.5 w {x} {y} m {to_x} {to_y} l S"


def area(x: float, y: float, width: float, height: float, color: str) -> str:
    return f"{color} rg {x} {y} {width} {height} re f"


def grid(xs: Sequence[float], ys: Sequence[float]) -> list[str]:
    """All lines of a table with its columns and rows at these places."""
    across = [line(xs[0], y, xs[-1], y) for y in ys]
    return across + [line(x, ys[0], x, ys[-1]) for x in xs]


def drawn(*pages: Sequence[str], turned: int = 0, field: str = "", flags: int = 4) -> bytes:
    """A PDF of the given marks. ``turned``: degrees by which each page is shown turned; ``field``:
    marks in a field on each page, ``flags`` say whether it is shown."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", *FONTS]
    kids = []
    extra = b""
    objects += [b"<< /Length %d >>\nstream\n%s\nendstream" % (len(s), s) for s in (_GLYPH, _MEANS)]
    objects.append(DRAWN % (len(objects) - 1, len(objects)))
    drawn_font = len(objects)
    if field:
        inside = field.encode()
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 300 20] /Resources << /Font"
            b" << /F1 3 0 R >> >> /Length %d >>\nstream\n%s\nendstream" % (len(inside), inside)
        )
        objects.append(
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /F %d /Rect [60 640 360 660]"
            b" /AP << /N %d 0 R >> >>" % (flags, len(objects))
        )
        extra = b" /Annots [%d 0 R]" % len(objects)
    for marks in pages:
        stream = "\n".join(marks).encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate %d /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 %d 0 R >> >>%s >>"
            % (turned, len(objects), drawn_font, extra)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return assembled(objects)
