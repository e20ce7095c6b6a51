"""The rules, as pure Python: what a pledge means and what time does to it.

Standard library only. No Django, no Celery, no database, no clock: every function that depends on
time takes ``at``. What must not live here: anything with a WHERE, an INSERT or a request.
"""
