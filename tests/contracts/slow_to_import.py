"""Takes longer to import than any test waits."""

import time

time.sleep(60)
