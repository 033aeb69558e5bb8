"""What all tests share."""

import signal

# A shell that runs the tests in the background has them ignore it, and so would all
# that they start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
