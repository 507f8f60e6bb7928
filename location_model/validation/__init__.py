"""How good the models are, on any area with data enough, and what may be claimed."""
