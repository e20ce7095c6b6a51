"""What the tests of the rules share: nothing that touches a database."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "tracker", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=80
)
settings.load_profile("tracker")
