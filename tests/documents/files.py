"""Files of the kinds that are read, and of some that must not be: made here, byte by byte."""

import io
import zlib

from pypdf import PdfReader, PdfWriter

ARTICLE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8">
<title>Joint statement on the river truce | Office of Alpha</title>
<meta property="og:title" content="Joint statement on the river truce">
<meta property="og:site_name" content="Office of Alpha">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
 "datePublished": "2026-03-01T18:30:00+01:00",
 "publisher": {"@type": "Organization", "name": "Alpha"}}
</script><style>p { color: red }</style></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/news">All the news</a></li></ul></nav>
<main><article><h1>Joint statement on the river truce</h1>
<p>The two sides spoke for three hours on Sunday and agreed on the steps that are set out below.</p>
<p>Alpha will halt all fire along the river for ten days, beginning on Monday at six in the morning,
   and will let convoys pass at both of the bridges.</p>
<ul><li>Prisoners are to be exchanged within a week of the first day.</li>
<li>Each side names an officer who answers the telephone at any hour.</li></ul>
<p>Beta called for a wider zone, and stopped short of committing itself to more than a reply.</p>
</article></main>
<aside><h2>Read also</h2><p><a href="/a">Ten questions about the truce that all ask</a></p></aside>
<footer><p>© Office of Alpha. Imprint. Cookies. All rights reserved.</p></footer>
<script>document.write("not read")</script></body></html>
"""
PLEDGE = "Alpha will halt all fire along the river for ten days"


def pdf(*pages: str, title: str = "", length: int | None = None) -> bytes:
    """A PDF with a line of text for each line of each page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for page in pages:
        lines = [one.replace("(", r"\(").replace(")", r"\)") for one in page.split("\n")]
        drawn = " ".join(f"({one}) Tj T*" for one in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {drawn} ET".encode("latin-1")
        packed = zlib.compress(stream)
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
        )
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    named = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<< /Type /Pages /Kids [{named}] /Count {length or len(kids)} >>".encode()
    objects.append(f"<< /Title ({title}) >>".encode())
    return _laid(objects)


def _laid(objects: list[bytes]) -> bytes:
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, one in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(
        b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, len(objects), start)
    )
    return out.getvalue()


def bomb(megabytes: int) -> bytes:
    """A small PDF whose one page unfolds to so much."""
    packed = zlib.compress(b" " * (megabytes * 1_000_000), 9)
    return _laid(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
            b"<< >>",
        ]
    )


def locked(password: str, *, opens: bool = False) -> bytes:
    """A PDF with a password; ``opens``: only changing it asks for one."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(PLEDGE))))
    writer.encrypt("" if opens else password, password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
