"""What the front, the process that is copied and the workers agree on."""

from __future__ import annotations

LONGEST = 64 * 1024
"""Bytes of one message between the front and the process that is copied."""
READY = b"ready"
"""What that process says once all is loaded; anything else is why it could not be."""
BEAT, SILENT = 5.0, 60.0
"""Seconds between two words of a worker on its life line, and without any until it counts as
stuck."""
STARTING = 300.0
"""Seconds that a worker may take to be ready; it has nothing to load, so that is much."""
PATIENCE = 25
"""Seconds that answers have to end when their worker is to go, or all of it is stopped."""
