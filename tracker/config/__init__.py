"""How the parts are put together: environment, settings, addresses, Celery, the supervisor.

No rule, query or page lives here. environment, broker, processes, preparation, supervisor and
gunicorn load no Django, so that a start is quick and its errors are one line.
"""
