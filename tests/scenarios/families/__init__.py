"""One module a family of scenarios; importing it declares them, in this order."""
from . import threads, events, memory, faults, life, sockets, limits, outside

ALL_FAMILIES = (threads, events, memory, faults, life, sockets, limits, outside)
