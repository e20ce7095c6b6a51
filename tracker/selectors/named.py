"""What the subjects of flags are called: the titles of rows that an alert names by a key alone."""

from collections.abc import Collection

from django.db.models import Model

from tracker.models import Condition, Deadline, Incident, Pledge

Named = dict[tuple[int, str], str]
# A flag says by its kind which of these it names; a key of two nouns is told by the later one.
WORDS: tuple[tuple[type[Model], str, str], ...] = (
    (Incident, "key", "description"),
    (Pledge, "ref", "title"),
    (Deadline, "key", "title"),
    (Condition, "key", "text"),
)


def titles_of(dossiers: Collection[int], keys: Collection[str]) -> Named:
    """By dossier and key. One query for each kind of row."""
    found: Named = {}
    for model, key, words in WORDS:
        rows = model._default_manager.filter(**{"dossier__in": dossiers, f"{key}__in": keys})
        for dossier, name, said in rows.values_list("dossier_id", key, words):
            found[dossier, name] = said
    return found
