"""For every test: no test of properties depends on how busy the machine is, no text on how wide a terminal is."""

import os
import signal

from hypothesis import settings

settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")
os.environ.pop("COLUMNS", None)
# Started in the background, a shell has the interrupt ignored, and programs that tests start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
