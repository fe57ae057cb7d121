"""For every test: no test of properties depends on how busy the machine is, no text on how wide a terminal is."""

import os

from hypothesis import settings

settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")
os.environ.pop("COLUMNS", None)
