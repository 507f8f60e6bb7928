"""Parallel kernels take turns: numba's fallback threading layer aborts the process when two threads enter at once."""

import threading

KERNELS = threading.Lock()
"""Held around the call of every kernel compiled with `parallel=True`, and for no longer."""
