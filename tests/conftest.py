"""For every test: no test of properties depends on how busy the machine is."""

from hypothesis import settings

settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")
