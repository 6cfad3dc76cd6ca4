"""How long the properties are tried: sixty examples each, more where the test asks for it."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "greenroom",
    max_examples=60,
    deadline=None,  # other tests run beside these on the same cores
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("greenroom")
