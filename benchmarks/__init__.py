"""How fast Kernwijzer is, measured beside its peers: `make bench`."""
