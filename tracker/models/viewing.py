"""That somebody opened a source and checked it: a link of its chain of custody.

Must not live here: what else the chain is made of (selectors/custody.py).
"""

from django.db import models

from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact


class Viewing(KeyedFact):
    """``text_sha256``, ``file_sha256``: of what was kept, computed anew at that instant; blank:
    there was none. By whom it was is the ledger's to say.
    """

    NOUN = "viewing"
    ENTERED = ("source", "text_sha256", "file_sha256", *COMMON)

    source = models.ForeignKey("Source", on_delete=models.PROTECT)
    text_sha256 = models.CharField(max_length=64, blank=True, default="")
    file_sha256 = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = KEYED_CONSTRAINTS
