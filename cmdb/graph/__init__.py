"""The graph of the estate, and what impact means: pure arrays, without Qt; ``live`` fetches them from the store.

``Graph.build(edges, schema)`` makes it, ``impact(graph, failed)`` asks it. See the modules for the rest.
"""

from cmdb.graph.edges import Edges
from cmdb.graph.graph import DataError, Graph, Group
from cmdb.graph.impact import STATES, Impact, Reason, State, impact

__all__ = ["STATES", "DataError", "Edges", "Graph", "Group", "Impact", "Reason", "State", "impact"]
