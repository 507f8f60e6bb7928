"""The walking network and its compiled kernels."""

import os

# Idle kernel threads must sleep: spinning ones starve each other as soon as anything else wants a core.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
