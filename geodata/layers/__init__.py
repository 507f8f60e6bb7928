"""Layers: a file each in this folder, found by being there. `LAYER` in the file declares it."""

import importlib
import pkgutil
from functools import cache

from geodata.layers.base import Context, Layer

GROUPS = ("customers", "shops", "access")

__all__ = ["GROUPS", "Context", "Layer", "all_layers", "layer_named"]


@cache
def all_layers() -> tuple[Layer, ...]:
    """Every layer, grouped, in a fixed order."""
    modules = [importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)]
    layers = [m.LAYER for m in modules if hasattr(m, "LAYER")]
    return tuple(sorted(layers, key=lambda layer: (GROUPS.index(layer.group), layer.name)))


def layer_named(name: str) -> Layer:
    """The layer of that name; KeyError when there is none."""
    return {layer.name: layer for layer in all_layers()}[name]
