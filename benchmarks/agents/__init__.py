"""The whole model in Mesa 3: agents are states and pacts, a state owns its ties, one model per path."""

from agents.system import simulate

__all__ = ["simulate"]
