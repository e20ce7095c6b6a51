"""Candidate statements in an English text, proposed to an analyst. No rows are read or written.

Standard library and ``tracker.domain`` only: rules as data (``lexicon``, ``states``), a tokenizer
(``text``), and what the rules read off a sentence. See docs/suggestions.md.
"""

from .engine import suggest
from .values import Kind, KnownParty, Moment, Named, Suggestion

__all__ = ["Kind", "KnownParty", "Moment", "Named", "Suggestion", "suggest"]
