"""Testerep, the invented sample region, written as ordinary source files. Voorbeeldgegevens / sample data."""

from geodata.sample.region import Municipality
from geodata.sample.write import SEED, SampleSources, write_sources

__all__ = ["SEED", "Municipality", "SampleSources", "write_sources"]
