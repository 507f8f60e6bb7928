"""What is known of walking on each piece of street."""

from dataclasses import dataclass

from geodata.network.graph import Floats, Ints


@dataclass(frozen=True, eq=False)
class Walks:
    """By edge of the network: relative accessibility, flow and the index of both; parallel sidewalks taken together.

    edge_cost: perceived millimetres. origins, destinations: the flow's balancing factors by purpose and node, with
    which a scenario assigns its trips (`flow.Balance`).
    """

    accessibility: Floats
    flow: Floats
    index: Floats
    edge_cost: Ints
    origins: Floats
    destinations: Floats
