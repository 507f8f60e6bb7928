"""What pages share: language, choices in the address, caches, maps, charts, states."""
