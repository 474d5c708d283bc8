"""The configuration of gunicorn under faketime (deploy/clock.py).

faketime 0.9.10 answers Python's `time.sleep` with an error: it takes the moment of the monotonic
clock until which Python waits for one of the day.
"""

import select
import time


def sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = sleep
